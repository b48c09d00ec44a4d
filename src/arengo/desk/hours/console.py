# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of opening hours: the state of the desks in its header, and the card of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.access import membership_of
from arengo.core.console import cards, header, pages
from arengo.core.console.cards import Card, State as CardState
from arengo.core.models import AutomaticSwitch, Role
from arengo.core.screens import Screen
from arengo.desk.hours import notice
from arengo.desk.hours.reading import DeskHours, desk_hours, desk_hours_of
from arengo.desk.hours.verbs import TOPIC
from arengo.desk.hours.words import Condition, State, named, span_words, state
from arengo.desk.hours.year import minutes_on, next_closure


@dataclass(frozen=True)
class DeskState:
    """``today``: its hours of today, where it is open; else when it opens."""

    name: str
    state: State
    today: str


@dataclass(frozen=True)
class HeaderState(Screen):
    """``main``: the desk that the header speaks of: one that is open in an emergency, else the first that is open, else the first.
    ``close_url``: where an administrator closes it earlier today; ""."""

    main: DeskState
    several: bool
    desks: Sequence[DeskState]
    day: str
    closure: str
    may_open: bool
    close_url: str
    hours_url: str


_ORDER = (Condition.EMERGENCY, Condition.OPEN)


def header_state(request: HttpRequest) -> HeaderState | None:
    """None while there is no desk."""
    membership, now = membership_of(request), timezone.now()
    found = desk_hours_of(membership)
    if not found:
        return None
    local = timezone.localtime(now)
    states = [_state_of(each) for each in found]
    places = [states.index(each) for kind in _ORDER for each in states if each.state.condition is kind]
    place = places[0] if places else 0
    main = found[place]
    administers = membership is not None and membership.has(Role.ADMINISTRATOR)
    close_url = ""
    if administers and states[place].state.condition is Condition.OPEN:
        minute = local.hour * 60 + local.minute
        address = reverse("settings:new_closure", args=[main.pk])
        close_url = f"{address}?giorno={local.date().isoformat()}&dalle={minute}"
    return HeaderState(
        main=states[place],
        several=len(found) > 1,
        desks=states,
        day=named(local, "l j F"),
        closure=next_closure(main.schedule, local.date()),
        may_open=membership is not None and membership.has(Role.OPERATOR),
        close_url=close_url,
        hours_url=reverse("settings:desk_hours", args=[main.pk])
        if membership is not None and membership.has(Role.ADMINISTRATOR, Role.AUDITOR)
        else "",
    )


def _state_of(desk: DeskHours) -> DeskState:
    now = state(desk.schedule, timezone.now())
    today = span_words(minutes_on(desk.schedule, timezone.localdate())) if now.is_open else now.more
    return DeskState(desk.name, now, today)


def _card_state() -> CardState:
    found = desk_hours()
    unwritten = [each.name for each in found if not each.schedule.configured]
    if unwritten or not found:
        return CardState(gettext("orari non ancora scritti"), "warning")
    return CardState(state(found[0].schedule, timezone.now()).words.lower(), "success")


def _notice_state() -> CardState:
    on = AutomaticSwitch.objects.filter(kind=notice.KIND, on=True).exists()
    return CardState(gettext("acceso") if on else gettext("spento"), "success" if on else "quiet")


def register() -> None:
    pages.register("arengo.desk.hours.settings_urls")
    header.register(
        "hours", "desk_hours/header.html", "desk_hours/header_again.html", header_state, topic=TOPIC
    )
    cards.register(
        Card(
            "settings:out_of_hours",
            "comment",
            _("Avviso fuori orario"),
            _("Che cosa legge chi scrive a sportello chiuso."),
            order=22,
            state=_notice_state,
        )
    )
    cards.register(
        Card(
            "settings:hours",
            "clock",
            _("Orari dello sportello"),
            _(
                "Quando rispondete: settimana, stagioni, feste, chiusure. Li leggono i cittadini e la console."
            ),
            order=12,
            state=_card_state,
        )
    )
