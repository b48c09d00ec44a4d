# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The icon for the municipality's own site: a link and a picture that says whether the desk is open, and the same as data."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.models import ListSettings
from arengo.core.public_pages import public_page, valid_until
from arengo.core.screens import Screen, render_screen, render_screen_to_string
from arengo.delivery.models import Sender
from arengo.desk.hours.reading import desk_hours
from arengo.desk.hours.words import Condition, State, state, week_words
from arengo.portal.desk_views import HOURS
from arengo.portal.numbers import number_in_use

HEIGHT = 64
_SIGN, _LETTER, _EDGE = (
    58,
    8.6,
    18,
)  # widths, in pixels: the sign's, a letter's of 16 px on average, the right edge's
_NARROWEST, _WIDEST = 220, 520


@dataclass(frozen=True)
class Icon(Screen):
    """``first`` and ``second``: its two lines. ``shape`` as in ``Condition``."""

    first: str
    second: str
    shape: str
    width: int
    height: int


@dataclass(frozen=True)
class EmbedPage(Screen):
    """``code``: what is pasted into the other site. ``state_url``: of the data."""

    code: str
    icon: Icon
    icon_url: str
    state_url: str


@dataclass(frozen=True)
class _Code(Screen):
    page_url: str
    icon_url: str
    words: str
    width: int
    height: int


@public_page(*HOURS, Sender, ListSettings)
def desk_icon(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(
        render_screen_to_string("portal/desk_icon.svg", _icon()), content_type="image/svg+xml; charset=utf-8"
    )
    return _for_everybody(response)


@public_page(*HOURS, Sender, ListSettings)
def desk_state(request: HttpRequest) -> HttpResponse:
    """JSON: each desk with ``open``, ``state`` (a ``Condition``), ``words``, ``until`` or ``opens`` (ISO 8601), ``hours`` in
    words, and ``opening_hours`` as an OSM string."""
    now, number = timezone.now(), number_in_use()
    desks = []
    for desk in desk_hours():
        found = state(desk.schedule, now)
        valid_until(found.until)
        until, opens = desk.schedule.open_until(now), desk.schedule.next_opening(now)
        desks.append(
            {
                "name": desk.name,
                "slug": desk.slug,
                "open": found.is_open,
                "state": found.condition.value,
                "words": f"{found.words} {found.more}",
                "reason": found.reason,
                "until": timezone.localtime(until).isoformat() if until else None,
                "opens": timezone.localtime(opens).isoformat() if opens else None,
                "hours": week_words(desk.schedule.timetable),
                "opening_hours": desk.schedule.expression,
            }
        )
    return _for_everybody(
        JsonResponse(
            {
                "page": request.build_absolute_uri(reverse("portal:desk")),
                "number": number.shown if number else None,
                "chat": number.chat_url if number else None,
                "desks": desks,
            },
            json_dumps_params={"ensure_ascii": False},
        )
    )


@public_page(*HOURS, Sender, ListSettings)
def desk_embed(request: HttpRequest) -> HttpResponse:
    icon = _icon()
    icon_url = request.build_absolute_uri(reverse("portal:desk_icon"))
    code = _Code(
        request.build_absolute_uri(reverse("portal:desk")), icon_url, icon.first, icon.width, icon.height
    )
    page = EmbedPage(
        code=render_screen_to_string("portal/desk_code.html", code).strip(),
        icon=icon,
        icon_url=icon_url,
        state_url=request.build_absolute_uri(reverse("portal:desk_state")),
    )
    return render_screen(request, "portal/desk_embed.html", page)


def _icon() -> Icon:
    desks, number = desk_hours(), number_in_use()
    first = str(number.words.write) if number else _("Scrivi al Comune")
    found: State | None = None
    if desks:
        states = [state(desk.schedule, timezone.now()) for desk in desks]
        for each in states:
            valid_until(each.until)
        found = next((each for each in states if each.is_open), states[0])
    second = f"{found.words} {found.more}" if found else ""
    width = _SIGN + round(_LETTER * max(len(first), len(second))) + _EDGE
    return Icon(
        first,
        second,
        (found.condition if found else Condition.UNWRITTEN).value,
        max(_NARROWEST, min(width, _WIDEST)),
        HEIGHT,
    )


def _for_everybody(response: HttpResponse) -> HttpResponse:
    """Other sites show it, and read it from their scripts."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
