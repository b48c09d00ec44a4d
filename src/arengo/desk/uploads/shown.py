# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the composer opens with: the words kept for this person here, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from arengo.core.access import person_of
from arengo.desk.marks import carries
from arengo.desk.models import Conversation
from arengo.desk.uploads import drafts, verbs
from arengo.desk.uploads.models import Draft, Upload


def ever_begun() -> Q:
    """For a query of conversations: whether anybody has words or files there that are not sent."""
    kept = Exists(Draft.objects.filter(conversation=OuterRef("pk")))
    return Q(kept) | Q(Exists(Upload.objects.filter(conversation=OuterRef("pk"))))


@dataclass(frozen=True)
class Begun:
    """``at``: when the words were kept, ms since 1970; 0 without any. ``files``: whole ones, which a press sends."""

    text: str
    key: str
    at: int
    files: Sequence[Upload]
    piece: int = verbs.PIECE

    @classmethod
    def of(cls, conversation: Conversation, request: HttpRequest) -> Begun:
        if not carries(conversation, "begun"):
            return cls("", "", 0, [])
        person = person_of(request)
        draft = drafts.of(conversation, person)
        files = [upload for upload in verbs.waiting(conversation, person) if upload.ready]
        if draft is None:
            return cls("", "", 0, files)
        return cls(draft.text, draft.key, int(draft.saved_at.timestamp() * 1000), files)
