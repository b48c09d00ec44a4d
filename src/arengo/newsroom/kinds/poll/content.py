# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a poll asks, as it is typed, and what is wrong with it.

It is kept as it was typed, so that nothing is lost: ``asked`` makes a question of it, ``problems`` says why it is none yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from arengo.core import outside
from arengo.newsroom.checking import Problem, line_problems, url_problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Counts
from arengo.newsroom.schedule.clock import NoSuchMoment, moment

QUESTION = 200  # characters: as the title of a post, which holds no more
OPTION = 72  # so that a list of the platform shows it whole (Meta: the description of a row)
LEAST, MOST = 2, 10  # answers (Meta: ten quick replies a template, ten rows a list)
SOONEST, LATEST = timedelta(minutes=10), timedelta(days=60)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")


@dataclass(frozen=True)
class Asked:
    """``closes_at`` None: no moment, or none that there is."""

    question: str
    options: Sequence[str]
    closes_at: datetime | None
    page_url: str
    shows_so_far: bool
    outlets: Sequence[str]  # where it can be voted, among those chosen


def asked(draft: Draft) -> Asked:
    content = draft.content
    return Asked(
        draft.title,
        [text for text in options_of(content) if text],
        _moment(str(content.get("day", "")), str(content.get("time", ""))),
        draft.slots[0].url if draft.slots else "",
        bool(content.get("so_far")),
        [outlet.key for outlet in registry.chosen(draft.outlets) if isinstance(outlet, Counts)],
    )


def options_of(content: Mapping[str, Any]) -> list[str]:
    found = content.get("options")
    return [str(text) for text in found[:MOST]] if isinstance(found, list) else []


def problems(draft: Draft) -> list[Problem]:
    """Everything about the content, in the order of the editor; empty when it may go out."""
    return list(_problems(draft))


def _problems(draft: Draft) -> Iterator[Problem]:
    said = asked(draft)
    if not said.question:
        yield Problem("title", _("Manca la domanda."), missing=True)
    yield from (Problem("title", words) for words in line_problems(said.question, QUESTION))
    options = options_of(draft.content)
    if len(said.options) < LEAST:
        yield Problem("option_1", _("Servono almeno due risposte."), missing=True)
    seen: set[str] = set()
    for number, text in enumerate(options, start=1):
        yield from (
            Problem(
                f"option_{number}",
                _("Risposta %(number)d: %(problem)s") % {"number": number, "problem": words},
            )
            for words in line_problems(text, OPTION)
        )
        if text and text.casefold() in seen:
            yield Problem(f"option_{number}", _("La risposta %(number)d c'è già.") % {"number": number})
        seen.add(text.casefold())
    yield from _time_problems(draft.content, said.closes_at)
    if words := url_problem(said.page_url):
        yield Problem("url_1", words)
    if draft.outlets and not said.outlets:
        yield Problem(
            "outlets",
            _("Si vota premendo un pulsante del messaggio: scegli anche un'uscita che scrive a ciascuno."),
        )


def _time_problems(content: Mapping[str, Any], closes_at: datetime | None) -> Iterator[Problem]:
    if not content.get("day") or not content.get("time"):
        yield Problem("closing_day", _("Manca fino a quando si vota: giorno e ora."), missing=True)
        return
    if closes_at is None:
        yield Problem(
            "closing_day", _("Questo giorno o quest'ora non c'è: scrivili così, 27/11/2026 e 18:00.")
        )
        return
    left = closes_at - timezone.now()
    if left < SOONEST:
        yield Problem("closing_day", _("Si deve poter votare per almeno dieci minuti da adesso."))
    if left > LATEST:
        words = ngettext(
            "Si può votare per %(days)d giorno al massimo.",
            "Si può votare per %(days)d giorni al massimo.",
            LATEST.days,
        )
        yield Problem("closing_day", words % {"days": LATEST.days})


def _moment(day: str, clock: str) -> datetime | None:
    """In the town's time; None for what is none, or an hour that the clocks leap over. Of one that comes twice, the first."""
    found, read = outside.day(_iso(day)), _CLOCK.fullmatch(clock.strip())
    if found is None or read is None or int(read[1]) > 23 or int(read[2]) > 59:
        return None
    minutes = int(read[1]) * 60 + int(read[2])
    try:
        return moment(found, minutes, ZoneInfo(timezone.get_current_timezone_name()))
    except NoSuchMoment:
        return None


def _iso(day: str) -> str:
    """«27/11/2026» as people write it, where the browser gives no calendar."""
    parts = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", day.strip())
    return f"{parts[3]}-{int(parts[2]):02}-{int(parts[1]):02}" if parts else day.strip()
