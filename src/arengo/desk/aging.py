# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of messages, files and notes whose time is over. Counts stay: that something was said, when, and by which side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from arengo.core.retention.aging import Aging
from arengo.desk.models import Attachment, Conversation, Message, Version

_AT_ONCE = 1000  # messages of one transaction
_FILES_AT_ONCE = 200

_with_them: dict[str, Callable[[Sequence[int]], None]] = {}


def register(name: str, forget: Callable[[Sequence[int]], None]) -> None:
    """What a capability keeps beside messages goes with their words: ``forget`` is given the messages' ids, in that transaction."""
    _with_them[name] = forget


def forget_words(ids: Sequence[int]) -> None:
    """Words, files, earlier versions and reactions. The messages are locked."""
    _take_files(Attachment.objects.filter(message__in=ids), gone=True)
    Version.objects.filter(message__in=ids).delete()
    for forget in _with_them.values():
        forget(ids)
    Message.objects.filter(pk__in=ids).update(
        text="",
        content="",
        failure="",
        latitude=None,
        longitude=None,
        platform_message_hash=None,
        platform_message_sealed=None,
        quoted_hash=None,
        quoted_fanout=None,
        citizen_reaction="",
        citizen_reacted_at=None,
        our_reaction="",
        erased_at=timezone.now(),
    )


def forget_files(ids: Sequence[int]) -> None:
    """The files leave the disk, thumbnails too; the message says that there was one."""
    _take_files(Attachment.objects.filter(pk__in=ids), gone=False)


def _take_files(found: QuerySet[Attachment], *, gone: bool) -> None:
    """``gone``: nothing of them stays. Locked: what a job is just bringing over is known here with its place on the disk."""
    files = list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))
    mine = Attachment.objects.filter(pk__in=[file.pk for file in files])
    if gone:
        mine.delete()
    else:
        mine.update(
            state=Attachment.State.GONE,
            cause=Attachment.Cause.AGE,
            file="",
            thumbnail="",
            filename="",
            platform_media_id="",
            reason="",
            code=0,
            kept_until=None,
        )

    def discard() -> None:
        for file in files:
            file.discard()

    transaction.on_commit(discard)  # files know no rollback


MESSAGES = Aging(
    lambda: Message.objects.filter(erased_at=None),
    at="sent_at",
    person="conversation__contact",
    take=forget_words,
    at_once=_AT_ONCE,
)
FILES = Aging(
    lambda: Attachment.objects.exclude(file="").exclude(state=Attachment.State.PENDING),
    at="created_at",
    person="message__conversation__contact",
    take=forget_files,
    at_once=_FILES_AT_ONCE,
)


def still_said(contact_ids: Collection[int]) -> set[int]:
    """Of somebody who left the list: messages that are not forgotten yet keep them (``audience/retention/staying.py``)."""
    said = Message.objects.filter(conversation=OuterRef("pk"), erased_at=None)
    kept = Conversation.objects.filter(contact_id__among=list(contact_ids)).filter(Exists(said))
    return set(kept.values_list("contact_id", flat=True))
