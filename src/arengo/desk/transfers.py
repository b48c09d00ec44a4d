# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files on their way, from the platform or to it: when each is tried, and how each ends.

The row says everything: ``next_at`` when it is due, ``busy_until`` how long a job may have it in hand, ``kept_until``
when it is given up. A job that dies, or that cannot even write down what happened, leaves a time behind that comes:
``take_up`` finds the row then. So no job has to be trusted, and every file ends: ready, failed, gone or too large.

Ceilings, all of them here: ``PAUSES`` between tries, the last one again until ``kept_until``; a no that is not beyond
doubt is believed at the ``BELIEVED``-th time in a row; a thumbnail is tried ``THUMBNAILS`` times; a file that nobody
looks at waits for ``UNSCANNED``.
"""

from __future__ import annotations

import errno
import logging
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from arengo.core import antivirus
from arengo.core.antivirus import NotTaken, ScannerAway
from arengo.core.events import Batch
from arengo.core.images import PictureBusy
from arengo.core.live import announce
from arengo.core.scope import every_organization, organization_scope
from arengo.core.sentences import gettext as _
from arengo.delivery.events import SenderMended
from arengo.desk.models import Attachment, Message
from arengo.platforms.contract import FileTrouble, Refusal, Remedy
from arengo.platforms.receiving import receiving_of
from arengo.platforms.registry import platform

PAUSES = (10, 30, 60, 120, 300, 900, 1800, 3600)  # seconds
BELIEVED = 5  # times in a row
THUMBNAILS = 5  # times in a row
UNSCANNED = timedelta(days=7)  # for which a citizen's file waits for an antivirus that does not answer
WITHIN = (180.0, 180.0, 600.0)  # seconds of one talk: a slow line gets more time at the third try
IN_HAND = timedelta(seconds=WITHIN[-1] + 120)  # of a job that talks
QUEUED = timedelta(minutes=30)  # of a job that waits for its turn
FETCH, SEND, TAKE_UP = "desk.fetch_media", "desk.send_media", "desk.take_up_files"  # the jobs
_WOKEN_AFTER = timedelta(seconds=PAUSES[4])  # since its last try, when another one came through
_AT_ONCE, _MOST_AT_ONCE = 100, 20  # rows of one transaction, transactions of one run of ``take_up``
_SPARE = 8 * 1024 * 1024  # bytes that stay free on the disk
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_PASSING = (Remedy.RETRY, Remedy.RETRY_LATER, Remedy.PAIR, Remedy.STOP_SENDER)
_ENDS = {
    FileTrouble.DOUBT: Attachment.State.FAILED,
    FileTrouble.MISSING: Attachment.State.GONE,
    FileTrouble.REFUSED: Attachment.State.FAILED,
    FileTrouble.TOO_LARGE: Attachment.State.TOO_LARGE,
}
_LOST = (Attachment.State.FAILED, Attachment.State.GONE)

log = logging.getLogger(__name__)


# --- one try --------------------------------------------------------------------------------------------------


def carry(attachment_id: int, job_id: int | None, act: Callable[[Attachment], None]) -> None:
    """One try: ``act`` brings the file over and sets it ready, or raises. Whatever it raises is written down.

    Nothing happens when the file has ended, was erased, or another job has it in hand.
    """
    attachment = _claimed(attachment_id, job_id)
    if attachment is None:
        return
    try:
        act(attachment)
    except Refusal as refusal:
        _refused(attachment, refusal)
    except Infected as infected:
        _infected(attachment, infected)
    except NotTaken:
        _wait(attachment, Attachment.Cause.SCAN, in_a_row=attachment.in_a_row + 1)
    except ScannerAway:
        _wait(attachment, Attachment.Cause.SCAN)
    except PictureBusy:
        _wait(attachment, Attachment.Cause.PICTURE)
    except OSError as error:
        full = error.errno in _FULL
        if not full:
            log.exception("Attachment %d could not be carried.", attachment_id)
        _wait(attachment, Attachment.Cause.DISK if full else Attachment.Cause.HOUSE)
    except Exception:
        log.exception("Attachment %d could not be carried.", attachment_id)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        _wait(attachment, Attachment.Cause.HOUSE)


class Infected(Exception):
    """The antivirus found something in the file; the words are its name for it."""


def look_at(attachment: Attachment) -> None:
    """The antivirus does, where there is one. Infected, ScannerAway, NotTaken."""
    with attachment.file.open("rb") as stored:
        if name := antivirus.found_in(stored):
            raise Infected(name)


def _infected(attachment: Attachment, infected: Infected) -> None:
    """The file goes at once and is not fetched again; what it was called and what was found in it stay."""
    attachment.discard()
    _write(
        attachment,
        state=Attachment.State.FAILED,
        cause=Attachment.Cause.SCAN,
        code=0,
        reason=str(infected),
        file="",
        thumbnail="",
        in_a_row=0,
        next_at=None,
    )


def within(attachment: Attachment) -> float:
    """Seconds that this try may talk."""
    return WITHIN[min(attachment.tries, len(WITHIN)) - 1]


def _claimed(attachment_id: int, job_id: int | None) -> Attachment | None:
    now = timezone.now()
    with transaction.atomic():
        held = Attachment.objects.select_for_update(no_key=True).filter(
            pk=attachment_id, state=Attachment.State.PENDING
        )
        attachment = held.first()
        if attachment is None or _in_hand(attachment, now, job_id):
            return None
        until = now + IN_HAND
        held.update(tries=F("tries") + 1, tried_at=now, next_at=until, busy_until=until, job_id=job_id)
    return (
        Attachment.objects.filter(pk=attachment_id)
        .select_related("message__conversation__identity", "message__sender", "message__reply_to__delivery")
        .first()
    )


def _in_hand(attachment: Attachment, now: datetime, job_id: int | None = None) -> bool:
    """Of another job. A job that was killed comes again under its own number."""
    if attachment.busy_until is None or attachment.busy_until <= now:
        return False
    return job_id is None or attachment.job_id != job_id


def _refused(attachment: Attachment, refusal: Refusal) -> None:
    speaks = platform(attachment.message.sender.platform)
    if not attachment.message.incoming:
        if refusal.remedy in _PASSING:
            _wait(attachment, Attachment.Cause.PLATFORM, refusal)
        else:
            end(attachment, Attachment.State.FAILED, code=refusal.code, reason=refusal.details)
        return
    trouble = receiving_of(speaks).trouble(refusal.code, refusal.remedy)
    noes = attachment.in_a_row + 1 if attachment.code == refusal.code else 1
    doubted = trouble in (FileTrouble.DOUBT, FileTrouble.MISSING) and noes < BELIEVED
    if trouble is FileTrouble.WAIT or doubted:
        _wait(attachment, Attachment.Cause.PLATFORM, refusal, in_a_row=noes if doubted else 0)
    else:
        end(attachment, _ENDS[trouble], code=refusal.code, reason=refusal.details)


def _wait(
    attachment: Attachment, cause: Attachment.Cause, refusal: Refusal | None = None, *, in_a_row: int = 0
) -> None:
    """Tried again after a pause; given up once the other side gives it up, after a last try at that very moment."""
    now = timezone.now()
    last = attachment.kept_until
    if attachment.message.incoming and cause is Attachment.Cause.SCAN:
        if now - attachment.message.received_at >= UNSCANNED:
            end(attachment, Attachment.State.FAILED, cause=cause)
            return
        last = None
    elif attachment.message.incoming and attachment.file:  # it lies here: only its thumbnail is missing
        in_a_row = attachment.in_a_row + 1
        if in_a_row >= THUMBNAILS:
            many = _("Anteprima non disponibile: c'erano troppe immagini da aprire.")
            reason = many if cause is Attachment.Cause.PICTURE else _("Anteprima non disponibile.")
            end(attachment, Attachment.State.READY, reason=reason)
            return
    elif last is not None and now >= last:
        state = Attachment.State.GONE if attachment.message.incoming else Attachment.State.FAILED
        end(attachment, state, code=refusal.code if refusal else 0, cause=cause)
        return
    pause = float(PAUSES[min(max(attachment.tries, 1), len(PAUSES)) - 1])
    if refusal is not None and refusal.retry_after:
        pause = max(pause, refusal.retry_after)
    if cause is Attachment.Cause.DISK and not room_for(attachment.size):
        pause = PAUSES[2]  # looked at again soon, and not tried before there is room
    at = now + timedelta(seconds=pause)
    if last is not None and not attachment.file:
        at = min(at, last)
    _write(
        attachment,
        cause=cause,
        code=refusal.code if refusal else 0,
        reason=refusal.details if refusal else "",
        in_a_row=in_a_row,
        next_at=at,
    )


def end(
    attachment: Attachment,
    state: Attachment.State,
    *,
    code: int = 0,
    reason: str = "",
    cause: Attachment.Cause | str = "",
) -> None:
    """Not carried, and not tried again by itself."""
    _write(attachment, state=state, code=code, reason=reason, cause=cause, in_a_row=0, next_at=None)


def _write(attachment: Attachment, **values: object) -> None:
    # No save(): of who was erased meanwhile there is no row, and nothing to say.
    Attachment.objects.filter(pk=attachment.pk, state=Attachment.State.PENDING).update(
        busy_until=None, job_id=None, size=attachment.size, **values
    )
    show(attachment)


def show(attachment: Attachment) -> None:
    announce(attachment.organization_id, "inbox", f"conversation:{attachment.message.conversation_id}")


# --- the next try ---------------------------------------------------------------------------------------------


def expect(attachment: Attachment, *, kept_until: datetime | None) -> None:
    """A new one, whose job the caller defers in the same transaction; if that one dies, ``take_up`` finds it. Not saved."""
    attachment.next_at = timezone.now() + QUEUED
    attachment.kept_until = kept_until


def can_fetch(attachment: Attachment, now: datetime | None = None) -> bool:
    """Whether a person may have what a citizen sent tried again: it is not there, and the platform still keeps it."""
    now = now or timezone.now()
    if not attachment.message.incoming or attachment.kept_until is None or attachment.kept_until <= now:
        return False
    if attachment.state == Attachment.State.PENDING:
        return attachment.cause != "" and not _in_hand(attachment, now)
    return attachment.state in _LOST and not found_infected(attachment)


def found_infected(attachment: Attachment) -> bool:
    return (
        attachment.cause == Attachment.Cause.SCAN
        and attachment.state == Attachment.State.FAILED
        and bool(attachment.reason)
    )


def again(attachment: Attachment, *, kept_until: datetime | None = None) -> bool:
    """At once, because a person asked; pressed twice it is tried once. False when there is nothing to try.

    ``kept_until``: the new end of a file of ours.
    """
    with transaction.atomic():
        locked = Attachment.objects.select_for_update(of=("self",), no_key=True).select_related("message")
        held = locked.get(pk=attachment.pk)
        ours_lost = held.state in _LOST and not found_infected(held)
        if not (can_fetch(held) if held.message.incoming else ours_lost):
            return False
        Attachment.objects.filter(pk=held.pk).update(
            state=Attachment.State.PENDING,
            cause="",
            code=0,
            reason="",  # of the try that is over
            in_a_row=0,
            tries=0,
            kept_until=kept_until or held.kept_until,
        )
        _defer([held])
        show(held)
    return True


def take_up() -> int:
    """Every file that is due: left by a job that died, or at the end of its pause. Returns how many."""
    _antivirus_is_back()
    taken = 0
    for _turn in range(_MOST_AT_ONCE):
        with every_organization("a worker serves all organizations"), transaction.atomic():
            found = list(
                Attachment.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
                .select_related("message")
                .filter(Q(next_at__lte=timezone.now()) | Q(next_at=None), state=Attachment.State.PENDING)
                .order_by("next_at")[:_AT_ONCE]
            )
            ready = [attachment for attachment in found if _may_be_tried(attachment)]
            _defer(ready)
            shut_out = [attachment.pk for attachment in found if attachment not in ready]
            soon = timezone.now() + timedelta(seconds=PAUSES[2])
            Attachment.objects.filter(pk__in=shut_out).update(next_at=soon)
        taken += len(ready)
        if len(found) < _AT_ONCE:
            break
    return taken


def _antivirus_is_back() -> None:
    """What waited for the antivirus to answer is due once it does; a file that it did not take keeps its pause."""
    now = timezone.now()
    with every_organization("a worker serves all organizations"):
        waiting = _asleep(Attachment.Cause.SCAN, now)
        if waiting.exists() and antivirus.answers():
            waiting.update(next_at=now)


def _may_be_tried(attachment: Attachment) -> bool:
    """Not while the disk is full, unless it is the last moment: that one ends it."""
    if attachment.cause != Attachment.Cause.DISK or room_for(attachment.size):
        return True
    return attachment.kept_until is not None and attachment.kept_until <= timezone.now()


def room_for(size: int) -> bool:
    """Whether the disk of the files has room for so many bytes."""
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free >= size + _SPARE


def _defer(attachments: Iterable[Attachment]) -> None:
    """A job for each, which alone may have it in hand."""
    until = timezone.now() + QUEUED
    for attachment in attachments:
        job = app.configure_task(FETCH if attachment.message.incoming else SEND)
        number = job.defer(organization_id=attachment.organization_id, attachment_id=attachment.pk)
        Attachment.objects.filter(pk=attachment.pk).update(next_at=until, busy_until=until, job_id=number)


# --- the sender works again -----------------------------------------------------------------------------------


def sender_mended(batch: Batch[SenderMended]) -> None:
    """A person resumed the sender or changed its access: all that it could not carry is tried again, now."""
    now = timezone.now()
    with organization_scope(batch.organization_id), transaction.atomic():
        own = Attachment.objects.filter(message__sender_id=batch.sender_id)
        waiting = _not_in_hand(own.filter(state=Attachment.State.PENDING).exclude(cause=""), now)
        lost = own.filter(
            message__direction=Message.Direction.IN, state__in=_LOST, kept_until__gt=now, file=""
        ).exclude(cause=Attachment.Cause.SCAN)
        if waiting.update(next_at=now) + lost.update(
            state=Attachment.State.PENDING, cause=Attachment.Cause.PLATFORM, in_a_row=0, next_at=now
        ):
            _take_up_now()


def sender_works(attachment: Attachment) -> None:
    """This one came through: so will the others that wait for the same platform."""
    now = timezone.now()
    waiting = _asleep(Attachment.Cause.PLATFORM, now).filter(message__sender_id=attachment.message.sender_id)
    if waiting.update(next_at=now):
        _take_up_now()


def _asleep(cause: Attachment.Cause, now: datetime) -> QuerySet[Attachment]:
    """In a long pause for this cause, and not because of anything in the file itself."""
    paused = Attachment.objects.filter(
        state=Attachment.State.PENDING,
        cause=cause,
        in_a_row=0,
        tried_at__lte=now - _WOKEN_AFTER,
        next_at__gt=now,
    )
    return _not_in_hand(paused, now)


def _not_in_hand(found: QuerySet[Attachment], now: datetime) -> QuerySet[Attachment]:
    return found.filter(Q(busy_until=None) | Q(busy_until__lte=now))


def _take_up_now() -> None:
    try:
        with transaction.atomic():
            app.configure_task(TAKE_UP, queueing_lock=TAKE_UP).defer(timestamp=0)
    except AlreadyEnqueued:  # it is about to run
        return
