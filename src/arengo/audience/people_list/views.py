# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Persone: the list, and the search. A search goes by POST: neither a name nor a number stands in an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from arengo.audience.models import ListSettings, Topic
from arengo.audience.people_list import finding, rows
from arengo.audience.people_list.asking import WAYS, Asked, asked, place
from arengo.audience.people_list.counts import Count, Counts, counts
from arengo.audience.people_list.rows import Row
from arengo.audience.people_list.walking import PAGE, walk
from arengo.core import outside
from arengo.core.access import FORM, membership_of, staff
from arengo.core.clean_text import isolated
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.core.templatetags.arengo import named


@dataclass(frozen=True)
class Choice:
    """A chip, or a line of a select: what it is called, where it leads or what it sends, whether it is chosen."""

    label: str
    value: str
    chosen: bool = False
    many: str = ""


@dataclass(frozen=True)
class Block(Screen):
    """Some lines, and how it goes on. ``by_itself``: the walk did not fill the page, and the browser asks for what follows."""

    lines: Sequence[Row]
    asked: Asked
    more: str
    more_label: str
    by_itself: bool


@dataclass(frozen=True)
class PeoplePage(Screen):
    """``active``: the filters that are on, each with the address without it. ``join_word``: for an empty list."""

    kinds: Sequence[Choice]
    active: Sequence[Choice]
    topics: Sequence[Choice]
    ways: Sequence[Choice]
    counts: Counts
    today: date
    is_first: bool
    nobody: bool
    join_word: str
    searched: bool
    administrator: bool
    export_query: str


@dataclass(frozen=True)
class ResultsPart(Screen):
    """``status``: how many were found among how many cards. ``after``: the contact after whom the next page begins; 0: none."""

    typed: str
    status: str
    lines: Sequence[Row]
    more: bool
    after: int
    asked: Asked


@staff(Role.EDITOR, Role.AUDITOR)
def people(request: HttpRequest) -> HttpResponse:
    """With htmx only what follows, to be put below."""
    topics = dict(Topic.objects.values_list("pk", "name"))
    wanted = asked(request.GET, topics)
    begun = place(outside.text(request.GET.get("dopo"), most=60))
    block = _block(request, wanted)
    if request.headers.get("HX-Request") == "true":
        return render_screen(request, "audience_people/block.html", block)
    page = _page(request, wanted, topics, is_first=begun is None, nobody=not block.lines and not block.more)
    return render_screen(request, "audience_people/people.html", page, block)


def _block(request: HttpRequest, wanted: Asked) -> Block:
    begun = place(outside.text(request.GET.get("dopo"), most=60))
    shown = outside.whole(request.GET.get("mostrate"), most=PAGE) or 0
    step = walk(wanted, begun or wanted.start(), most=PAGE - shown if shown < PAGE else PAGE)
    more = label = ""
    if step.next is not None:
        so_far = 0 if step.full else shown + len(step.found)
        more = wanted.query(dopo=step.next.written(), mostrate=str(so_far or ""))
        day = named(timezone.localtime(step.next.at), "j F Y")
        label = _("Altre persone") if step.full else _("Cerca ancora, prima del %(day)s") % {"day": day}
    return Block(
        rows.of_subscriptions(step.found), wanted, more, label, by_itself=not step.full and bool(more)
    )


def _page(
    request: HttpRequest,
    wanted: Asked,
    topics: Mapping[int, str],
    *,
    is_first: bool = True,
    nobody: bool = False,
    searched: bool = False,
    many: Counts | None = None,
) -> PeoplePage:
    """``many``: where they were counted already."""
    many = many or counts()
    join_words = ListSettings.objects.values_list("join_words", flat=True).first() or [""]
    membership = membership_of(request)
    return PeoplePage(
        kinds=[
            Choice(_("Iscritti"), Asked().query(), not wanted.left, words_of(many.subscribed)),
            Choice(_("Usciti"), Asked(left=True).query(), wanted.left, words_of(many.left)),
        ],
        active=filters_of(wanted, topics),
        topics=[Choice(name, str(pk), pk == wanted.topic) for pk, name in topics.items()],
        ways=[Choice(rows.way_words(way), way, way == wanted.way) for way in WAYS],
        counts=many,
        today=timezone.localdate(),
        is_first=is_first,
        nobody=nobody and not wanted.params,
        join_word=join_words[0],
        searched=searched,
        administrator=membership is not None and membership.has(Role.ADMINISTRATOR),
        export_query=wanted.query(),
    )


def words_of(count: Count) -> str:
    many = number_format(count.many, use_l10n=True, force_grouping=True)
    return _("più di %(many)s") % {"many": many} if count.more else many


def filters_of(wanted: Asked, topics: Mapping[int, str]) -> list[Choice]:
    """The filters that are on, each with the query of the same address without it."""
    found = []
    if wanted.topic is not None:
        words = _("riceve %(topic)s") % {"topic": isolated(topics[wanted.topic])}
        found.append(Choice(words, wanted.query(tema="")))
    if wanted.way:
        words = _("iscritti %(way)s") % {"way": rows.way_words(wanted.way)}
        found.append(Choice(words, wanted.query(come="")))
    if wanted.stopped:
        found.append(Choice(_("hanno fermato le notizie"), wanted.query(ferme="")))
    if wanted.since:
        words = _("dal %(day)s") % {"day": named(wanted.since, "j F Y")}
        found.append(Choice(words, wanted.query(dal="")))
    if wanted.down_from:
        words = _("dal %(day)s all’indietro") % {"day": named(wanted.down_from, "j F Y")}
        found.append(Choice(words, wanted.query(giorno="")))
    return found


@staff(Role.EDITOR, Role.AUDITOR, methods=FORM)
def search(request: HttpRequest) -> HttpResponse:
    """With htmx only what was found. The bare address leads to the list, and so does an empty search."""
    query = finding.read(outside.text(request.POST.get("text"), most=200))
    by_htmx = request.headers.get("HX-Request") == "true"
    if request.method != "POST" or (not query.typed and not by_htmx):
        return redirect("audience:people")
    topics = dict(Topic.objects.values_list("pk", "name"))
    if not query.typed:
        wanted = Asked()
        block = _block(request, wanted)
        page = _page(request, wanted, topics, nobody=not block.lines)
        return render_screen(request, "audience_people/listing.html", page, block)
    many = counts()
    results = _results(request, query, many)
    if by_htmx:
        part = "found_lines.html" if outside.text(request.POST.get("dopo"), most=60) else "found_part.html"
        return render_screen(request, f"audience_people/{part}", results)
    page = _page(request, results.asked, topics, searched=True, many=many)
    return render_screen(request, "audience_people/people.html", page, results)


def _results(request: HttpRequest, query: finding.Query, many: Counts) -> ResultsPart:
    found = finding.find(query, after=outside.whole(request.POST.get("dopo")) or 0)
    goes_on = not found.more and not query.phone and len(found.contacts) == finding.PAGE
    return ResultsPart(
        typed=query.typed,
        status=_status(query, found, words_of(many.cards)),
        lines=rows.of_contacts(found.contacts, query),
        more=found.more,
        after=found.contacts[-1] if goes_on else 0,
        asked=Asked(),
    )


def _status(query: finding.Query, found: finding.Found, cards: str) -> str:
    if query.empty:
        return _("Scrivi almeno due lettere del nome, o il numero intero.")
    many = number_format(found.many, use_l10n=True, force_grouping=True)
    values = {"many": many, "text": isolated(query.typed), "cards": cards}
    if found.more:
        return _("Più di %(many)s persone per «%(text)s»: eccone alcune. Scrivi qualcosa in più.") % values
    if not found.many:
        return _("Nessuna persona per «%(text)s», fra %(cards)s schede.") % values
    return (
        ngettext(
            "%(many)s persona per «%(text)s», fra %(cards)s schede.",
            "%(many)s persone per «%(text)s», fra %(cards)s schede.",
            found.many,
        )
        % values
    )
