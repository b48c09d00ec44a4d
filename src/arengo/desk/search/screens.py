# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search as its page shows it: what was asked, the filters, the hits with their words marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from arengo.core.models import Person
from arengo.core.prepared import prepared
from arengo.core.screens import Screen
from arengo.desk import handling
from arengo.desk.models import Conversation
from arengo.desk.names import called
from arengo.desk.search import finding, kinds
from arengo.desk.search.asking import Asked
from arengo.desk.search.finding import MOST, PAGE, Order, State, TooLong
from arengo.desk.search.kinds import Source
from arengo.desk.search.marks import Marker, Piece
from arengo.desk.search.preview import Preview


@dataclass(frozen=True)
class Choice:
    """A filter's option: its parameter's value, its words, whether it is chosen."""

    value: str
    label: str
    chosen: bool
    count: str = ""


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    choices: Sequence[Choice]


@dataclass(frozen=True)
class Period:
    """A filter of days at one press; pressed again it goes."""

    label: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Found:
    """A hit. ``what``: its kind, desk and who has it. ``opens``: the conversation at this message."""

    title: str
    title_pieces: Sequence[Piece]
    at: datetime
    pieces: Sequence[Piece]
    icon: str
    tone: str
    what: Sequence[str]
    more: str
    href: str
    preview: str
    opens: str
    current: bool


@dataclass(frozen=True)
class Results:
    """``problem``: why nothing was looked for. ``newer``, ``older``: addresses of other pages, "" without one."""

    problem: str
    heading: str
    found: Sequence[Found]
    kinds: Sequence[Choice]
    selects: Sequence[Select]
    periods: Sequence[Period]
    orders: Sequence[Choice]
    newer: str
    older: str
    hint: str


@dataclass(frozen=True)
class SearchPage(Screen):
    asked: Asked
    results: Results
    preview: Preview | None


@prepared()
def results(wanted: Asked) -> Results:
    """Costs one statement for the search, one for each kind among the hits, one for the conversations, one for the marks."""
    problem, answer = "", finding.Results([], {}, 0)
    try:
        answer = finding.search(wanted.query, wanted.filters, order=wanted.order, skip=wanted.skip)
    except TooLong:
        problem = _("La ricerca dura troppo: aggiungi una parola, o restringi il periodo.")
    if not problem and wanted.query.typed and wanted.query.is_empty:
        problem = _("Scrivi almeno una parola da cercare.")
    further = wanted.skip + PAGE
    return Results(
        problem=problem,
        heading="" if problem else _heading(wanted, answer),
        found=_found(wanted, answer),
        kinds=[
            Choice(
                kind.key, str(kind.label), _is_on(wanted, kind.key), _count(answer.counts.get(kind.key, 0))
            )
            for kind in kinds.registered()
        ],
        selects=_selects(wanted),
        periods=_periods(wanted),
        orders=[
            Choice(Order.BEST, _("Prima i più vicini"), wanted.order is Order.BEST),
            Choice(Order.NEWEST, _("Prima i più recenti"), wanted.order is Order.NEWEST),
        ],
        newer=wanted.address(da=max(wanted.skip - PAGE, 0) or None) if wanted.skip else "",
        older=wanted.address(da=further) if answer.total > further else "",
        hint=_hint(wanted, answer),
    )


def _is_on(wanted: Asked, key: str) -> bool:
    return not wanted.filters.kinds or key in wanted.filters.kinds


def _count(many: int) -> str:
    if many > MOST:
        return _("oltre %(most)s") % {"most": number_format(MOST, force_grouping=True)}
    return number_format(many, force_grouping=True)


def _heading(wanted: Asked, answer: finding.Results) -> str:
    """How much was found, of the kinds that are asked for: hits, not conversations."""
    if not wanted.query.typed:
        return ""
    counted = {key: many for key, many in answer.counts.items() if _is_on(wanted, key)}
    total = sum(counted.values())
    if any(many > MOST for many in counted.values()):
        return _("Più di %(most)s risultati") % {"most": number_format(MOST, force_grouping=True)}
    if not total:
        return _("Nessun risultato")
    words = ngettext("%(many)s risultato", "%(many)s risultati", total)
    return words % {"many": number_format(total, force_grouping=True)}


def _hint(wanted: Asked, answer: finding.Results) -> str:
    """What to try where nothing was found."""
    if answer.total or not wanted.query.typed:
        return ""
    if wanted.narrowings:
        return _("Prova con meno parole, o togli qualche filtro.")
    return _("Prova con meno parole, o con altre: parole brevi come «di» e «che» non contano.")


def _found(wanted: Asked, answer: finding.Results) -> list[Found]:
    of_kind = {kind.key: kind for kind in kinds.registered()}
    loaded: dict[str, Mapping[int, Source]] = {
        key: of_kind[key].load([hit.source for hit in answer.hits if hit.kind == key])
        for key in {hit.kind for hit in answer.hits}
    }
    conversations = Conversation.objects.select_related("contact", "identity", "desk", "assignee").in_bulk(
        [hit.conversation_id for hit in answer.hits]
    )
    shown = [
        (hit, loaded[hit.kind][hit.source], conversations[hit.conversation_id])
        for hit in answer.hits
        if hit.source in loaded[hit.kind] and hit.conversation_id in conversations
    ]
    names = [called(conversation) for _hit, _source, conversation in shown]
    marker = Marker(wanted.query, [source.text for hit, source, _one in shown if hit.kind != "name"], names)
    found = []
    for (hit, source, conversation), name in zip(shown, names, strict=True):
        is_name = hit.kind == "name"
        at_message = f"?messaggio={source.message_id}#m-{source.message_id}" if source.message_id else ""
        found.append(
            Found(
                title=name,
                title_pieces=marker.whole(name, name=is_name),
                at=hit.at,
                pieces=[] if is_name else marker.excerpt(source.text),
                icon=of_kind[hit.kind].icon,
                tone=of_kind[hit.kind].tone,
                what=_what(wanted, source, conversation),
                more=_("+%(many)d nella stessa conversazione") % {"many": hit.together - 1}
                if hit.together > 1
                else "",
                href=wanted.address(apri=conversation.pk, da=wanted.skip or None),
                preview=f"{reverse('desk_search:preview', args=[conversation.pk])}?{wanted.address().partition('?')[2]}",
                opens=reverse("desk:conversation", args=[conversation.pk]) + at_message,
                current=conversation.pk == wanted.opened,
            )
        )
    return found


def _what(wanted: Asked, source: Source, conversation: Conversation) -> list[str]:
    parts = [source.what]
    if len(wanted.seen) > 1:
        parts.append(conversation.desk.name)
    if not conversation.is_open:
        parts.append(_("chiusa"))
    parts.append(conversation.assignee.get_short_name() if conversation.assignee else _("libera"))
    return parts


def _selects(wanted: Asked) -> list[Select]:
    filters = wanted.filters
    selects = []
    if len(wanted.seen) > 1:
        desks = [Choice(str(desk.pk), desk.name, desk.pk == wanted.desk) for desk in wanted.seen]
        selects.append(
            Select("sportello", _("Sportello"), [Choice("", _("Tutti"), wanted.desk is None), *desks])
        )
    for each in kinds.narrowings():
        chosen = filters.narrowed.get(each.name)
        options = [Choice(str(value), label, value == chosen) for value, label in each.choices()]
        if options:
            selects.append(
                Select(each.name, str(each.label), [Choice("", _("Tutte"), chosen is None), *options])
            )
    people = [
        Choice(str(person.pk), str(person), person.pk == filters.assignee) for person in _handlers(wanted)
    ]
    selects.append(
        Select("chi", _("Chi l’ha in carico"), [Choice("", _("Chiunque"), filters.assignee is None), *people])
    )
    states = ((State.ANY, _("Aperte e chiuse")), (State.OPEN, _("Aperte")), (State.CLOSED, _("Chiuse")))
    selects.append(
        Select(
            "stato", _("Conversazioni"), [Choice(one, words, one is filters.state) for one, words in states]
        )
    )
    return selects


def _handlers(wanted: Asked) -> list[Person]:
    """The colleagues, and who is asked for in the address though they are not one any more."""
    chosen = wanted.filters.assignee
    people = [membership.person for membership in handling.colleagues([desk.pk for desk in wanted.seen])]
    if chosen is not None and chosen not in {person.pk for person in people}:
        people += list(
            Person.objects.filter(pk=chosen, conversations__in=Conversation.objects.all()).distinct()
        )
    return people


def _periods(wanted: Asked) -> list[Period]:
    today = timezone.localdate()
    periods = (
        (_("7 giorni"), today - timedelta(days=6)),
        (_("Quest’anno"), date(today.year, 1, 1)),
    )
    now = (wanted.filters.first, wanted.filters.last)
    return [
        Period(
            label,
            wanted.address(dal=None if now == (first, None) else first.isoformat(), al=None),
            now == (first, None),
        )
        for label, first in periods
    ]
