# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with canned replies in the settings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.models import Person
from arengo.desk.files import Prepared
from arengo.desk.models import Desk
from arengo.desk.replies.insertions import MOST
from arengo.desk.replies.models import CannedReply, ReplyFile

CHECK_AGAIN = timedelta(days=180)  # after a check without a new day


class TooMany(ValueError):
    """There are as many as there may be; the words say how many."""


def room_for(more: int) -> None:
    """Raises TooMany where so many more do not fit."""
    there = CannedReply.objects.count()
    if there + more > MOST:
        raise TooMany(
            _("Le risposte pronte possono essere al massimo %(most)d: ce ne sono già %(there)d.")
            % {"most": MOST, "there": there}
        )


def save(
    reply: CannedReply, *, by: Person, files: Sequence[Prepared] = (), without: Collection[int] = ()
) -> None:
    """Stores it with its new files and without those of these ids; to write it is to check it. TooMany as ``room_for``."""
    gone: list[ReplyFile] = []
    with transaction.atomic():
        is_new = reply._state.adding  # noqa: SLF001  # Django documents _state
        if is_new:
            room_for(1)
        reply.checked_at, reply.checked_by = timezone.now(), by
        reply.save()
        gone = list(reply.files.filter(pk__in=without))
        ReplyFile.objects.filter(pk__in=[file.pk for file in gone]).delete()
        for prepared in files:
            stored = ReplyFile(
                reply=reply, filename=prepared.filename, mime_type=prepared.mime_type, size=prepared.size
            )
            prepared.content.seek(0)
            stored.file.save("file", ContentFile(prepared.content.read()), save=False)
            stored.save()
        audit.record(
            "desk.added_reply" if is_new else "desk.changed_reply",
            organization=reply.organization,
            by=by,
            on=reply,
        )
        transaction.on_commit(lambda: _discard(gone))


def check(reply: CannedReply, *, by: Person) -> None:
    """Somebody looked and it is right: until half a year from now, or from its day if that is later."""
    with transaction.atomic():
        reply.checked_at, reply.checked_by = timezone.now(), by
        if reply.check_by is not None:
            reply.check_by = max(reply.check_by, timezone.localdate()) + CHECK_AGAIN
        reply.save(update_fields=["checked_at", "checked_by", "check_by"])
        audit.record("desk.checked_reply", organization=reply.organization, by=by, on=reply)


def delete(reply: CannedReply, *, by: Person) -> None:
    with transaction.atomic():
        files = list(reply.files.all())
        audit.record("desk.removed_reply", organization=reply.organization, by=by, on=reply)
        reply.delete()
        transaction.on_commit(lambda: _discard(files))


def add_all(replies: Sequence[CannedReply], *, by: Person) -> None:
    """Replies that were read from a table; one line of the log for all. TooMany as ``room_for``."""
    if not replies:
        return
    with transaction.atomic():
        room_for(len(replies))
        now = timezone.now()
        for reply in replies:
            reply.checked_at, reply.checked_by = now, by
            reply.save()
        audit.record(
            "desk.imported_replies",
            organization=replies[0].organization,
            by=by,
            detail={"count": len(replies)},
        )


def _discard(files: Sequence[ReplyFile]) -> None:
    for file in files:
        file.file.delete(save=False)


def overdue_count(today: date | None = None) -> int:
    return int(CannedReply.objects.filter(check_by__lt=today or timezone.localdate()).count())


def desks_by_name() -> dict[str, Desk]:
    return {desk.name.casefold(): desk for desk in Desk.objects.all()}
