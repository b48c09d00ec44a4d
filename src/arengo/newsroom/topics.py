# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Topics and quarters of an update: who on the list gets it. They are the audience's; an update keeps their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.models import Quarter, Topic
from arengo.audience.topics.usage import Usage
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Update
from arengo.newsroom.templates import CATEGORY


def choices() -> list[tuple[int, str]]:
    """Those of the scope's organization, in its order; a topic out of season says so."""
    today = timezone.localdate()
    return [
        (
            topic.pk,
            topic.name
            if topic.is_in_season(today)
            else _("%(name)s (fuori stagione)") % {"name": topic.name},
        )
        for topic in Topic.in_use()
    ]


def quarter_choices() -> list[tuple[int, str]]:
    return list(Quarter.in_use().values_list("pk", "name"))


def names_of(topics: Collection[int]) -> list[str]:
    """Of those among them that there are, in the organization's order."""
    return list(Topic.in_use().filter(pk__in=topics).values_list("name", flat=True)) if topics else []


def quarter_names_of(quarters: Collection[int]) -> list[str]:
    return list(Quarter.in_use().filter(pk__in=quarters).values_list("name", flat=True)) if quarters else []


def matter(draft: Draft) -> bool:
    """Not to what nobody may stop: it goes to everybody."""
    kind = kinds.find(draft.kind)
    return kind is not None and kind.urgency.is_marketing


def gone(draft: Draft) -> Iterator[Problem]:
    """A draft whose topic or quarter is gone goes nowhere until somebody says to whom: without it it would go to all."""
    if matter(draft) and len(names_of(draft.topics)) < len(set(draft.topics)):
        yield Problem(
            "topics", _("Un tema scelto per questa bozza non c’è più: guarda a chi va, e salvala di nuovo.")
        )
    if matter(draft) and len(quarter_names_of(draft.quarters)) < len(set(draft.quarters)):
        yield Problem(
            "quarters",
            _("Un quartiere scelto per questa bozza non c’è più: guarda a chi va, e salvala di nuovo."),
        )


def usage(since: datetime) -> Usage:
    """How many updates went out for each topic and quarter. One without topics is for each of them, and so is none's."""
    found = Usage(Counter(), Counter(), CATEGORY.lower())
    sent = Update.objects.filter(sent_at__gte=since).exclude(state=Update.State.DRAFT)
    for topics, quarters in sent.values_list("topics", "quarters"):
        found.topics.update(topics)
        found.quarters.update(quarters)
    return found
