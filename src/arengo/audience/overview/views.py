# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Panoramica, and the people behind a bar of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from arengo.audience import attention, consent_pages
from arengo.audience.attention import Point
from arengo.audience.consent_pages import ConsentPage
from arengo.audience.models import Consent, ListSettings
from arengo.audience.overview import drawing, figures, keeping, ways
from arengo.audience.overview.drawing import NARROW, WIDE, Drawing
from arengo.audience.overview.figures import Figures, Share
from arengo.audience.overview.periods import ADDRESSES, Span
from arengo.audience.reasons import Reason
from arengo.core import outside
from arengo.core.access import membership_of, organization_of, staff
from arengo.core.models import Role
from arengo.core.screens import Screen, render_screen
from arengo.core.templatetags.arengo import named

_JOINED, _LEFT = "arrivi", "uscite"


@dataclass(frozen=True)
class Bar:
    """``share``: thousandths of the longest. ``address``: "" where no list stands behind it."""

    words: str
    many: int
    share: int
    address: str = ""
    gained: int | None = None


@dataclass(frozen=True)
class Step:
    """A line of the table: ``address``: the people who came, or left, in that time."""

    name: str
    joined: int
    left: int
    total: int
    joined_address: str
    left_address: str


@dataclass(frozen=True)
class Choice:
    words: str
    address: str
    current: bool


@dataclass(frozen=True)
class OverviewPage(Screen):
    """``begun``: somebody joined or left at some time; else the page says how people join."""

    begun: bool
    found: Figures
    choices: Sequence[Choice]
    drawings: Sequence[Drawing]
    description: str
    steps: Sequence[Step]
    ways: Sequence[Bar]
    ways_sum: int
    reasons: Sequence[Bar]
    reasons_sum: int
    topics: Sequence[Bar]
    span_words: str
    net: int
    points: Sequence[Point]
    join_word: str
    may_import: bool


@staff(Role.EDITOR, Role.AUDITOR)
def overview(request: HttpRequest) -> HttpResponse:
    organization = organization_of(request)
    span = ADDRESSES.get(outside.text(request.GET.get("periodo"), most=20), Span.MONTHS)
    found = figures.read(organization, span)
    first, last = found.moved[0].column.first, found.moved[-1].column.last
    membership = membership_of(request)
    join_words = ListSettings.objects.values_list("join_words", flat=True).first() or [""]
    page = OverviewPage(
        begun=bool(found.listed or keeping.first_day(organization)),
        found=found,
        choices=span_choices(span, f"{reverse('audience:subscribers')}?"),
        drawings=[drawing.draw(found.moved, found.marks, width) for width in (WIDE, NARROW)],
        description=_description(found),
        steps=[
            Step(
                one.column.name,
                one.joined,
                one.left,
                one.total,
                people_address(_JOINED, one.column.first, one.column.last) if one.joined else "",
                people_address(_LEFT, one.column.first, one.column.last) if one.left else "",
            )
            for one in reversed(found.moved)
        ],
        ways=_bars(
            [(ways.words_of(one.key), one) for one in found.ways],
            lambda one: people_address(_JOINED, first, last, modo=one.key),
        ),
        ways_sum=sum(one.many for one in found.ways),
        reasons=_bars(
            [(ways.reason_of(one.key), one) for one in found.reasons],
            lambda one: people_address(_LEFT, first, last, motivo=one.key),
        ),
        reasons_sum=sum(one.many for one in found.reasons),
        topics=_bars([(topic.name, one) for topic, one in found.topics], lambda one: ""),
        span_words={Span.DAYS: _("30 giorni"), Span.MONTHS: _("12 mesi"), Span.ALL: _("da sempre")}[span],
        net=found.lately_joined - found.lately_left,
        points=attention.points(membership),
        join_word=join_words[0],
        may_import=membership is not None and membership.has(Role.ADMINISTRATOR),
    )
    return render_screen(request, "audience_overview/overview.html", page)


def span_choices(span: Span, address: str) -> list[Choice]:
    """``address``: up to the parameter of the span."""
    words = {Span.DAYS: _("30 giorni"), Span.MONTHS: _("12 mesi"), Span.ALL: _("Da sempre")}
    return [
        Choice(words[each], f"{address}periodo={period}", each is span) for period, each in ADDRESSES.items()
    ]


def _description(found: Figures) -> str:
    """The drawing in two sentences."""
    first, last = found.moved[0], found.moved[-1]
    return _("Da %(before)d iscritti (%(then)s) a %(now)d. In tutto %(joined)d arrivi e %(left)d uscite.") % {
        "before": first.total,
        "then": first.column.name,
        "now": last.total,
        "joined": sum(one.joined for one in found.moved),
        "left": sum(one.left for one in found.moved),
    }


def _bars(lines: Sequence[tuple[str, Share]], address: Callable[[Share], str]) -> list[Bar]:
    longest = max((one.many for _words, one in lines), default=0) or 1
    return [
        Bar(
            words,
            one.many,
            max(round(1000 * one.many / longest), 4 if one.many else 0),
            address(one),
            one.gained,
        )
        for words, one in lines
    ]


def people_address(which: str, first: date, last: date, **more: str) -> str:
    asked = {"che": which, "dal": first.isoformat(), "al": last.isoformat(), **more}
    return f"{reverse('audience:moved')}?{urlencode(asked)}"


@dataclass(frozen=True)
class MovedPage(Screen):
    title: str
    moved_in: str
    listed: ConsentPage


@staff(Role.EDITOR, Role.AUDITOR)
def moved(request: HttpRequest) -> HttpResponse:
    """People who came or left, the newest first; from an address: in which days, by which way, for which reason."""
    organization, asked = organization_of(request), request.GET
    first, last = outside.day(asked.get("dal")), outside.day(asked.get("al"))
    leaving = outside.text(asked.get("che"), most=10) == _LEFT
    action = Consent.Action.WITHDRAWN if leaving else Consent.Action.GIVEN
    rows = Consent.objects.filter(action=action, effective=True)
    zone = organization.zone
    if first is not None:
        rows = rows.filter(at__gte=datetime.combine(first, time(), zone))
    if last is not None:
        rows = rows.filter(at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
    told = []
    if first is not None and last is not None:
        form = "j F Y"
        told.append(
            named(first, form)
            if first == last
            else _("dal %(first)s al %(last)s") % {"first": named(first, form), "last": named(last, form)}
        )
    if leaving and (reason := outside.text(asked.get("motivo"), most=20)) in Reason.values:
        rows = rows.filter(reason=reason)
        told.append(ways.reason_of(str(reason)))
    elif not leaving and (way := outside.text(asked.get("modo"), most=20)) in ways.WORDS:
        rows = ways.of_way(rows, str(way))
        told.append(ways.words_of(str(way)))
    page = MovedPage(
        _("Usciti dalla lista") if leaving else _("Arrivati nella lista"),
        " · ".join(told),
        consent_pages.page_of(rows, outside.text(asked.get("prima"), most=40)),
    )
    return render_screen(request, "audience_overview/moved.html", page)
