# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a citizen's own page: topics, quarters and how often, as they are and to be chosen anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from arengo.audience import choosing, frequencies, receiving, standing
from arengo.audience.models import Topic
from arengo.audience.naming import Named
from arengo.audience.personal import sections
from arengo.audience.personal.sections import Done, Refused, Section, Visit
from arengo.audience.receiving import Names
from arengo.audience.topics.models import Choosing
from arengo.core import outside
from arengo.core.screens import Screen

_MOST = 100  # that are read of one form
ALL, SOME = "all", "some"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True)
class Sort:
    """Topics or quarters. ``every``: all of them are received, whatever is ticked."""

    name: str
    title: str
    whole: str
    only: str
    every: bool
    choices: Sequence[Choice]


@dataclass(frozen=True)
class ChoosePart(Screen):
    """``frequencies``: none where there is nothing to choose."""

    sentence: str
    sorts: Sequence[Sort]
    frequencies: Sequence[Choice]


def _make(visit: Visit) -> ChoosePart | None:
    """Only for who is on the list, where the organization has something to choose. What was refused stands as it was ticked."""
    subscription = standing.subscription_of(visit.identity)
    if subscription is None or not subscription.active:
        return None
    names, has, typed = Names.read(), receiving.of(subscription), visit.typed
    sorts = [
        _sort("topics", _("Temi"), _("Tutti i temi"), _("Solo questi:"), names.topics, has.topics, typed),
        _sort(
            "quarters",
            _("Quartieri"),
            _("Tutta la città"),
            _("Solo questi quartieri, e ciò che vale per tutta la città:"),
            names.quarters,
            has.quarters,
            typed,
        ),
    ]
    wanted = outside.text(typed.get("frequency"), most=20) if typed is not None else has.frequency
    often = [Choice(one.key, one.label, one.key == wanted) for one in frequencies.offered()]
    shown = [sort for sort in sorts if sort.choices]
    return ChoosePart(names.to_citizen(has), shown, often) if shown or often else None


def _sort(
    name: str,
    title: str,
    whole: str,
    only: str,
    named: Mapping[int, Named],
    has: Collection[int],
    typed: QueryDict | None,
) -> Sort:
    today = timezone.localdate()
    ticked = has if typed is None else set(_ids(typed, name))
    every = not has if typed is None else typed.get(f"{name}_which") != SOME
    return Sort(
        name,
        title,
        whole,
        only,
        every,
        [
            Choice(str(pk), one.shown, pk in ticked)
            for pk, one in named.items()
            if pk in has
            or (one.ended_at is None and not (isinstance(one, Topic) and not one.is_in_season(today)))
        ],
    )


def _ids(form: QueryDict, name: str) -> Iterable[int]:
    return outside.wholes(form.getlist(name), most=_MOST)


def _handle(visit: Visit) -> Done:
    form = visit.request.POST
    subscription = standing.subscription_of(visit.identity)
    if subscription is None or not subscription.active:
        raise Refused(_("Non sei fra gli iscritti: prima premi «Voglio ricevere gli avvisi»."))
    chosen: dict[str, list[int]] = {}
    for name, missing in (
        (
            "topics",
            _(
                "Segna almeno un tema, o scegli «Tutti i temi». Per non ricevere nulla c’è il pulsante qui sopra."
            ),
        ),
        ("quarters", _("Segna almeno un quartiere, o scegli «Tutta la città».")),
    ):
        if f"{name}_which" in form:
            chosen[name] = list(_ids(form, name)) if form.get(f"{name}_which") == SOME else []
            if form.get(f"{name}_which") == SOME and not chosen[name]:
                raise Refused(missing)
    frequency = outside.text(form.get("frequency"), most=20) if "frequency" in form else None
    try:
        has = choosing.choose(
            subscription,
            topics=chosen.get("topics"),
            quarters=chosen.get("quarters"),
            frequency=frequency,
            way=Choosing.Way.PAGE,
            at=timezone.now(),
        )
    except choosing.NotOnList as gone:
        raise Refused(_("Non sei più fra gli iscritti.")) from gone
    except choosing.NotOffered as ended:
        raise Refused(_("Nel frattempo una delle voci non c’è più: guarda di nuovo e salva.")) from ended
    return Done(Names.read().to_citizen(has))


def register() -> None:
    sections.register(Section("choose", "audience_topics/own_page.html", 20, _make, _handle))
