# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""/sportello/: how to write to the municipality, when it answers, what for and what not, and the other ways in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from arengo.audience.models import ListSettings
from arengo.core.access import organization_of
from arengo.core.documents import qr
from arengo.core.public_pages import public_page, valid_until
from arengo.core.screens import Screen, render_screen
from arengo.delivery.models import Sender
from arengo.desk.front.models import FrontPage
from arengo.desk.front.reading import Topic, front_page, topics_of
from arengo.desk.hours import models as hours, year
from arengo.desk.hours.calendar_file import written
from arengo.desk.hours.reading import DeskHours, desk_hours
from arengo.desk.hours.schema_org import Specification, specifications
from arengo.desk.hours.words import State, named, span_words, state, week_words
from arengo.desk.hours.year import Look, minutes_on
from arengo.desk.models import Desk
from arengo.portal.numbers import Number, number_in_use
from arengo.portal.vcard import card

# What the pages of this module read.
HOURS = (
    Desk,
    hours.Timetable,
    hours.Season,
    hours.Interval,
    hours.Closure,
    hours.ExtraOpening,
    hours.EmergencyOpening,
)
_EXCEPTIONS_AHEAD = 31  # days


@dataclass(frozen=True)
class TopicLink:
    topic: Topic
    url: str


@dataclass(frozen=True)
class WeekDay:
    """``words``: its hours in the week that today is in, as they are usual; ``today``: as they are today."""

    weekday_name: str
    words: str
    today: bool


@dataclass(frozen=True)
class DifferentDay:
    day: str
    words: str
    reason: str
    opened: bool


@dataclass(frozen=True)
class ShownDesk:
    """One desk as citizens read it. ``sentence``: its hours in one line."""

    name: str
    state: State
    week: Sequence[WeekDay]
    different: Sequence[DifferentDay]
    sentence: str
    configured: bool
    specifications: Sequence[Specification]
    expression: str


@dataclass(frozen=True)
class DeskPage(Screen):
    number: Number | None
    desks: Sequence[ShownDesk]
    first: ShownDesk | None
    front: FrontPage
    topic_links: Sequence[TopicLink]
    not_here: Sequence[Topic]
    calendar_url: str


@public_page(*HOURS, FrontPage, Sender, ListSettings)
def desk(request: HttpRequest) -> HttpResponse:
    number, front = number_in_use(), front_page()
    parted = (line.partition(":") for line in front.not_here)
    shown = [shown_desk(each) for each in desk_hours()]
    calendar = request.build_absolute_uri(reverse("portal:desk_calendar"))
    page = DeskPage(
        number=number,
        desks=shown,
        first=shown[0] if shown else None,
        front=front,
        topic_links=[TopicLink(each, number.chat_about(each.title)) for each in topics_of(front)]
        if number
        else [],
        not_here=[Topic(title.strip(), rest.strip()) for title, _sign, rest in parted if title.strip()],
        calendar_url=calendar.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
    )
    return render_screen(request, "portal/desk.html", page)


@public_page(Sender, ListSettings, words=False)
def desk_qr(request: HttpRequest) -> HttpResponse:
    """The code that opens the chat, for who reads the page on a computer."""
    number = number_in_use()
    if number is None:
        raise Http404
    return HttpResponse(qr.svg(number.chat_url), content_type="image/svg+xml")


@public_page(FrontPage, Sender, ListSettings)
def desk_card(request: HttpRequest) -> HttpResponse:
    """The number for the address book, under the name that the organization chose."""
    number = number_in_use()
    if number is None:
        raise Http404
    address = request.build_absolute_uri(reverse("portal:desk"))
    body = card(organization_of(request), front_page().card_name, number.shown, address)
    response = HttpResponse(body, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sportello.vcf"'
    return response


@public_page(*HOURS)
def desk_calendar(request: HttpRequest) -> HttpResponse:
    """All desks in service; 404 while there is none."""
    desks = desk_hours()
    if not desks:
        raise Http404
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    valid_until(today + timedelta(days=1))
    address = request.build_absolute_uri(reverse("portal:desk"))
    body = written(desks, request.get_host().partition(":")[0], address)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="orari.ics"'
    return response


def shown_desk(desk: DeskHours) -> ShownDesk:
    """Says until when it holds."""
    now = state(desk.schedule, timezone.now())
    valid_until(now.until)
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    week = [
        WeekDay(
            named(day, "l"),
            span_words(
                minutes_on(desk.schedule, day) if day == today else desk.schedule.timetable.intervals(day)
            ),
            day == today,
        )
        for day in (monday + timedelta(days=ahead) for ahead in range(7))
    ]
    return ShownDesk(
        name=desk.name,
        state=now,
        week=week,
        different=_different(desk),
        sentence=week_words(desk.schedule.timetable),
        configured=desk.schedule.configured,
        specifications=specifications(desk.schedule.timetable, today),
        expression=desk.schedule.expression,
    )


def _different(desk: DeskHours) -> list[DifferentDay]:
    """The coming month's days that are not as usual; closed ones only where they would be open."""
    today = timezone.localdate()
    days = (year.day_of(desk.schedule, today + timedelta(days=ahead)) for ahead in range(_EXCEPTIONS_AHEAD))
    return [
        DifferentDay(named(day.day, "l j F"), day.words, day.reason, opened=day.look is Look.EXTRA)
        for day in days
        if day.look is Look.EXTRA or (day.look in (Look.CLOSED, Look.HOLIDAY) and day.usual)
    ]
