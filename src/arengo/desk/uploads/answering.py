# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer with what the composer holds on the server: its files go along, its draft goes away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile

from arengo.core.models import Person
from arengo.desk import replying
from arengo.desk.models import Conversation, Message
from arengo.desk.uploads import drafts, verbs


def answer(
    conversation: Conversation,
    *,
    by: Person,
    text: str,
    files: Sequence[UploadedFile[bytes]],
    captions: Mapping[int, str],
    reply_to: Message | None,
    key: str,
    shown: int | None,
    last: int | None,
    anyway: int | None,
) -> list[Message]:
    """As ``replying.reply``. ``captions``: the ids of uploads, each with the words under it; NotSendable when one is not whole.

    Uploads and draft go once the answer is written. What is refused stays where it was.
    """
    again = Message.objects.filter(conversation=conversation, key=f"{key}:0").exists()
    taken = [] if again else verbs.taken(conversation, by=by, captions=captions)
    messages = replying.reply(
        conversation,
        by=by,
        text=text,
        files=[] if again else files,
        ready=[prepared for _upload, prepared in taken],
        reply_to=reply_to,
        key=key,
        shown=shown,
        last=last,
        anyway=anyway,
    )
    drafts.sent(conversation, by, key)
    for upload, _prepared in taken:
        upload.file.close()
        verbs.drop(upload)
    return messages
