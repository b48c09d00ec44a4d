# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Topics and quarters: the same verbs and pages, with words of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Quarter, Topic
from arengo.audience.naming import Named
from arengo.audience.topics.models import Change
from arengo.audience.topics.sql import statement


@dataclass(frozen=True)
class Sort:
    """``chosen``, ``column``: who chose what. ``url``: the address of one; the others are called after it."""

    key: str
    model: type[Named]
    chosen: str
    column: str
    url: str
    has_seasons: bool
    add: str | Promise
    another: str | Promise  # into which one goes
    all_of_them: str | Promise
    taken: str | Promise  # «%(name)s»
    remove: str | Promise

    def run(self, name: str, values: Mapping[str, Any]) -> list[Any]:
        """The rows that a statement gives; none of one that writes."""
        with connection.cursor() as cursor:
            cursor.execute(statement(name, chosen=self.chosen, column=self.column), values)
            return cursor.fetchall() if cursor.description else []


TOPICS = Sort(
    Change.Sort.TOPIC,
    Topic,
    "audience_subscription_topics",
    "topic_id",
    "topic",
    True,
    _("Aggiungi un tema"),
    _("In quale tema confluisce"),
    _("tutti i temi"),
    _("C’è già un tema «%(name)s»."),
    _("Togli il tema"),
)
QUARTERS = Sort(
    Change.Sort.QUARTER,
    Quarter,
    "audience_subscription_quarters",
    "quarter_id",
    "quarter",
    False,
    _("Aggiungi un quartiere"),
    _("In quale quartiere confluisce"),
    _("tutta la città"),
    _("C’è già un quartiere «%(name)s»."),
    _("Togli il quartiere"),
)
SORTS = {TOPICS.key: TOPICS, QUARTERS.key: QUARTERS}
