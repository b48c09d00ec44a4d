# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page says, with what stands in the place of what nobody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from arengo.desk.front.models import FrontPage


@dataclass(frozen=True)
class Topic:
    title: str
    hint: str


@dataclass(frozen=True)
class Trial:
    """``words``: the organization's own, or "". ``ends_at``: the moment from which nothing is said of it."""

    words: str
    last_day: date
    ends_at: datetime


def front_page() -> FrontPage:
    """The scope's organization's; an empty one, not stored, while nobody wrote it."""
    return FrontPage.objects.first() or FrontPage()


def topics_of(page: FrontPage) -> list[Topic]:
    parted = (line.partition(":") for line in page.topics)
    return [Topic(title.strip(), hint.strip()) for title, _sign, hint in parted if title.strip()]


def trial_of(page: FrontPage) -> Trial | None:
    """While it lasts, its last day included."""
    if page.trial_until is None or page.trial_until < timezone.localdate():
        return None
    after = page.trial_until + timedelta(days=1)
    ends_at = datetime.combine(after, time(), timezone.get_current_timezone())
    return Trial(page.trial_words, page.trial_until, ends_at)
