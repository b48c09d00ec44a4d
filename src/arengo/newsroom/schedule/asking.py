# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Quando»: the part of the question before sending that says when, and what somebody answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.core.access import organization_of
from arengo.core.models import Organization
from arengo.core.screens import Screen
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.estimating import Readiness, readiness
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Update
from arengo.newsroom.schedule import rhythm
from arengo.newsroom.schedule.clock import NoSuchMoment, moment
from arengo.newsroom.schedule.models import Appointment
from arengo.newsroom.schedule.words import clock_words, moment_words, weekdays_words

OTHER = "other"
_PLACES = 2


@dataclass(frozen=True)
class Offer:
    """``value``: of the form; local time. ``about``: why it is offered."""

    value: str
    words: str
    about: str
    chosen: bool


@dataclass(frozen=True)
class When(Screen):
    """``question``: in quiet hours, with the time and how many it wakes; "" by day. ``typed_day``, ``typed_clock``: of another moment.

    ``problem``: what is wrong with what was asked. ``at_night``: it may be asked for all the same.
    """

    question: str
    quiet_words: str
    offers: Sequence[Offer]
    other_chosen: bool
    typed_day: str
    typed_clock: str
    problem: str
    at_night: bool
    appointment: Appointment | None


@dataclass(frozen=True)
class Answer:
    """The moment; None with the ``problem`` where there is none. ``at_night``: that it is in quiet hours is the only problem."""

    at: datetime | None
    problem: str = ""
    at_night: bool = False


def must_ask(request: HttpRequest, update: Update) -> bool:
    """It would ring telephones in the quiet hours, and the page did not ask whether it may."""
    organization = organization_of(request)
    if outside.text(request.POST.get("at_night"), most=1) == "1" or not update.is_draft:
        return False
    if not rhythm.times().is_quiet(timezone.now().astimezone(organization.zone)):
        return False
    return _wakes(readiness(draft_of(update), organization)) > 0


def _wakes(ready: Readiness) -> int:
    """How many telephones would ring; of what may not wait for the morning, none is asked about."""
    kind = kinds.find(ready.draft.kind)
    return ready.recipients if kind is not None and kind.urgency.is_marketing else 0


def when(
    request: HttpRequest,
    update: Update,
    ready: Readiness,
    *,
    asked: QueryDict | None = None,
    answer: Answer | None = None,
) -> When:
    """For the page; ``asked`` and ``answer``: what was asked for, and cannot be."""
    organization = organization_of(request)
    times, zone, now = rhythm.times(), organization.zone, timezone.now()
    local, recipients = now.astimezone(zone), _wakes(ready)
    quiet = times.is_quiet(local)
    chosen = outside.text(asked.get("when"), most=20) if asked else ""
    offers = []
    if quiet and recipients:
        end = times.quiet_ends(now, zone)
        offers.append(_offer(end, now, organization, _("quando finisce il silenzio"), chosen))
    plan = _("piano «%(days)s alle %(clock)s»") % {
        "days": weekdays_words(times.weekdays),
        "clock": clock_words(times.at),
    }
    for number, at in enumerate(times.places(now, zone, rhythm.taken(), most=_PLACES)):
        about = (
            _("il primo posto libero del %(plan)s") if number == 0 else _("il posto dopo, nel %(plan)s")
        ) % {"plan": plan}
        offers.append(_offer(at, now, organization, about, chosen))
    stood = Appointment.objects.filter(update=update).first()
    typed_day = outside.text(asked.get("day"), most=20) if asked else ""
    typed_clock = outside.text(asked.get("clock"), most=10) if asked else ""
    if not asked and stood is not None and stood.at > now:
        typed_day, typed_clock = f"{stood.at.astimezone(zone):%Y-%m-%d}", f"{stood.at.astimezone(zone):%H:%M}"
    if offers and not chosen and not typed_day:
        offers[0] = replace(offers[0], chosen=True)
    return When(
        question=_question(local, recipients) if quiet and recipients else "",
        quiet_words=_(
            "I loro telefoni suonerebbero adesso. Il Comune ha scelto di tacere dalle %(start)s alle %(end)s."
        )
        % {"start": clock_words(times.quiet_from), "end": clock_words(times.quiet_until)},
        offers=offers,
        other_chosen=chosen == OTHER or (not chosen and (bool(typed_day) or not offers)),
        typed_day=typed_day,
        typed_clock=typed_clock,
        problem=answer.problem if answer else "",
        at_night=answer.at_night if answer else False,
        appointment=stood,
    )


def _question(local: datetime, recipients: int) -> str:
    return ngettext(
        "Sono le %(clock)s: inviare adesso a %(many)d persona?",
        "Sono le %(clock)s: inviare adesso a %(many)d persone?",
        recipients,
    ) % {"clock": f"{local:%H:%M}", "many": recipients}


def _offer(at: datetime, now: datetime, organization: Organization, about: str, chosen: str) -> Offer:
    value = f"{at.astimezone(organization.zone):%Y-%m-%dT%H:%M}"
    return Offer(value, moment_words(at, now, organization.zone), about, value == chosen)


def read(posted: QueryDict, organization: Organization) -> Answer:
    """What somebody chose, or typed, as a moment of the organization's time."""
    chosen = outside.text(posted.get("when"), most=20)
    if chosen == OTHER or not chosen:
        day, clock = outside.day(posted.get("day")), outside.text(posted.get("clock"), most=10)
    else:
        written, _t, clock = chosen.partition("T")
        day = outside.day(written)
    hour, _colon, minute = clock.partition(":")
    hours, minutes = outside.whole(hour, most=23), outside.whole(minute, most=59)
    if day is None:
        return Answer(None, _("Scegli il giorno."))
    if hours is None or minutes is None:
        return Answer(None, _("Scegli l’ora, per esempio 11:00."))
    try:
        at = moment(day, hours * 60 + minutes, organization.zone)
    except NoSuchMoment:
        return Answer(None, _("Quell’ora non c’è: quella notte gli orologi vanno avanti. Scegline un’altra."))
    if rhythm.times().is_quiet(at) and outside.text(posted.get("at_night"), most=1) != "1":
        words = _("Quel momento è nelle ore di silenzio: i telefoni suonerebbero. Se va bene così, conferma.")
        return Answer(None, words, at_night=True)
    return Answer(at)
