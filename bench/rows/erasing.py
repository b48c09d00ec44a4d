# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen's data are erased where a million messages are kept."""

from __future__ import annotations

import time

from bench.figures import Figure, figure
from bench.processes import Failed
from bench.rows.desk_filling import LONG, fill
from bench.run import Run

ERASE = 10  # seconds
_OTHERS = 5  # people of ten messages


def erasing(run: Run) -> list[Figure]:
    """From the press until all is committed: who wrote most, and some who wrote as others do. The slowest counts."""
    from arengo.audience import privacy
    from arengo.core.models import Person
    from arengo.core.scope import organization_scope
    from arengo.desk.models import Conversation, Message

    conversations, messages = run.size(100_000, 10_000), run.size(1_000_000, 50_000)
    city = run.fresh_city(numbers=1)
    _desk, long = fill(city, conversations, messages)
    slowest = 0.0
    with organization_scope(city.organization):
        by = Person.objects.create(email="administrator@esempio.test", name="Amministratrice Esempio")
        others = list(Conversation.objects.exclude(pk=long).order_by("-pk")[:_OTHERS])
        for talk in (*others, Conversation.objects.get(pk=long)):
            written = Message.objects.filter(conversation=talk).count()
            began = time.monotonic()
            privacy.erase(talk.contact, by=by)
            spent = time.monotonic() - began
            if Message.objects.filter(conversation_id=talk.pk).exclude(text="").exists():
                raise Failed("words are left of who was erased")
            run.say(f"erased who wrote {written:,} of {messages:,} messages: {spent:.2f} s")
            slowest = max(slowest, spent)
    return [
        figure("list.erase", slowest, f"s, who wrote {LONG:,} of {messages:,} messages", "the bar", ERASE)
    ]
