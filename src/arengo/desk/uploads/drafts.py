# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words that are being written are kept, and go once they are sent."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from arengo.core import outside
from arengo.core.models import Person
from arengo.desk.models import Conversation, Message
from arengo.desk.uploads.models import Draft

LASTS = timedelta(days=30)
LONGEST = 20_000  # characters; a message has 4,096


def keep(conversation: Conversation, *, by: Person, text: str, key: str) -> None:
    """The latest words count, from whatever device; none take the draft away.

    ``key``: of the message that they become. One that was sent keeps nothing any more: a request may arrive after it.
    """
    text = outside.text(text)[:LONGEST]
    mine = Draft.objects.filter(conversation=conversation, person=by)
    if not text.strip():
        mine.delete()
    elif not _is_sent(conversation, key):
        Draft.objects.update_or_create(
            conversation=conversation,
            person=by,
            defaults={
                "organization_id": conversation.organization_id,
                "text": text,
                "key": key,
                "saved_at": timezone.now(),
            },
        )


def of(conversation: Conversation, person: Person) -> Draft | None:
    """Theirs; one whose message was sent all the same is none."""
    found: Draft | None = Draft.objects.filter(conversation=conversation, person=person).first()
    return None if found is not None and _is_sent(conversation, found.key) else found


def _is_sent(conversation: Conversation, key: str) -> bool:
    return bool(key) and Message.objects.filter(conversation=conversation, key=f"{key}:0").exists()


def sent(conversation: Conversation, person: Person, key: str) -> None:
    """The words went: their draft goes. What was begun since under another key stays."""
    Draft.objects.filter(conversation=conversation, person=person, key__in=("", key)).delete()


def forget_old() -> int:
    gone, _models = Draft.objects.filter(saved_at__lt=timezone.now() - LASTS).delete()
    return gone
