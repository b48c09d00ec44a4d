# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the composer opens with: the words kept for this person here, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from arengo.core.access import person_of
from arengo.desk.models import Conversation
from arengo.desk.uploads import drafts, verbs
from arengo.desk.uploads.models import Upload


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
        person = person_of(request)
        draft = drafts.of(conversation, person)
        files = [upload for upload in verbs.waiting(conversation, person) if upload.ready]
        if draft is None:
            return cls("", "", 0, files)
        return cls(draft.text, draft.key, int(draft.saved_at.timestamp() * 1000), files)
