# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file goes up in pieces: begun, continued where it stopped, made ready, taken by an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import antivirus, outside
from arengo.core.clean_text import file_name, isolated
from arengo.core.images import Drawn
from arengo.core.models import Person
from arengo.desk import files, transfers
from arengo.desk.files import NotSendable, Prepared
from arengo.desk.models import Conversation, Message
from arengo.desk.uploads.models import Upload
from arengo.platforms.registry import platform

PIECE = 1024 * 1024  # bytes of one request
MOST = 20  # of one person that are not sent
LASTS = timedelta(days=1)


class OutOfStep(Exception):
    """The piece does not follow what has come. ``offset``: where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


def begin(conversation: Conversation, *, by: Person, name: str, size: int, head: bytes, stamp: str) -> Upload:
    """A place for the file; the same one for a file that was begun already, by name, size and ``stamp``.

    NotSendable, with the remedy, for what can be told from name, size and first bytes, and without room.
    """
    shown = (file_name(outside.text(name, most=300)) or "file")[:240]
    files.judge(shown, size, head, platform(conversation.sender.platform))
    mine = Upload.objects.filter(person=by)
    known: Upload | None = mine.filter(
        conversation=conversation, name=shown, size=size, stamp=stamp, ready=False
    ).first()
    if known is not None:
        if known.received == known.size:  # all there, and nobody came to make it ready
            _finish(known)
        return known
    if mine.filter(conversation=conversation).count() >= files.MOST_FILES:
        words = _("Al massimo %(count)d file per volta: togline qualcuno e invialo dopo.")
        raise NotSendable(words % {"count": files.MOST_FILES})
    if mine.count() >= MOST:
        raise NotSendable(
            _("Ci sono già %(count)d file caricati e non inviati: toglierne qualcuno.") % {"count": MOST}
        )
    if not transfers.room_for(size):
        raise NotSendable(_("Sul server non c’è posto per i file: avvisa chi gestisce Arengo."))
    upload = Upload(
        organization_id=conversation.organization_id,
        conversation=conversation,
        person=by,
        name=shown,
        size=size,
        stamp=stamp,
    )
    upload.file.save("", ContentFile(b""), save=False)
    upload.save()
    return upload


def append(upload: Upload, *, offset: int, piece: bytes) -> Upload:
    """The bytes from ``offset`` on. With the last ones the file is made ready. Locks the upload.

    OutOfStep when they do not follow; what came twice is passed over by the caller's going on from its offset. NotSendable
    when the whole file turns out not to be sendable, or infected: then it is gone.
    """
    with transaction.atomic():
        held: Upload = Upload.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
        if held.ready:
            return held
        if offset != held.received or not piece or len(piece) > PIECE or offset + len(piece) > held.size:
            raise OutOfStep(held.received)
        with Path(held.file.path).open("r+b") as stored:
            stored.seek(offset)
            stored.truncate()  # of a piece whose transaction was lost
            stored.write(piece)
        held.received = offset + len(piece)
        held.save(update_fields=["received"])
    if held.received == held.size:
        _finish(held)
    return held


def _finish(upload: Upload) -> None:
    try:
        with upload.file.open("rb") as stored:
            _must_be_clean(upload, stored)
            whole = UploadedFile(file=stored, name=upload.name, size=upload.size)
            prepared = files.prepare(whole, platform(upload.conversation.sender.platform))
            if prepared.content is not whole:
                _replace(upload, prepared.content)
    except NotSendable:
        drop(upload)
        raise
    upload.kind, upload.mime_type = prepared.kind, prepared.mime_type
    upload.filename, upload.size = prepared.filename[:240], prepared.size
    upload.received, upload.ready = prepared.size, True
    if prepared.thumbnail is not None:
        upload.thumbnail.save("", ContentFile(prepared.thumbnail.content), save=False)
        upload.width, upload.height = prepared.thumbnail.width, prepared.thumbnail.height
    upload.save()


def _must_be_clean(upload: Upload, stored: File[bytes]) -> None:
    """Where the antivirus is away the file waits for it once it is sent (``transfers.look_at``)."""
    try:
        found = antivirus.found_in(stored)
    except antivirus.ScannerAway:
        found = ""
    else:
        upload.scanned = antivirus.configured()
    if found:
        words = _("«%(name)s» non si può inviare: l’antivirus vi ha trovato «%(found)s».")
        raise NotSendable(words % {"name": isolated(upload.name), "found": isolated(found)})
    stored.seek(0)


def _replace(upload: Upload, content: File[bytes]) -> None:
    """What is sent takes the place of what came: a photo made smaller, a scan made a document."""
    old = upload.file.name
    upload.file.save("", content, save=False)
    if old:
        upload.file.storage.delete(old)


def drop(upload: Upload) -> None:
    """Row and files."""
    upload.delete()
    upload.discard()


def waiting(conversation: Conversation, person: Person) -> Sequence[Upload]:
    """Theirs in this conversation, the oldest first."""
    return list(Upload.objects.filter(conversation=conversation, person=person).order_by("pk")[:MOST])


def taken(
    conversation: Conversation, *, by: Person, captions: Mapping[int, str]
) -> list[tuple[Upload, Prepared]]:
    """Those with these ids, in their order, as an answer sends them; each with its own words under it.

    NotSendable when one is not there any more, or not whole.
    """
    found = {
        upload.pk: upload
        for upload in Upload.objects.filter(conversation=conversation, person=by, pk__in=captions, ready=True)
    }
    if len(found) < len(captions):
        raise NotSendable(_("Un file non è più qui o non è arrivato intero: sceglilo di nuovo."))
    return [(found[pk], replace(_prepared(found[pk]), caption=words)) for pk, words in captions.items()]


def _prepared(upload: Upload) -> Prepared:
    thumbnail = None
    if upload.thumbnail:
        with upload.thumbnail.open("rb") as stored:
            content = stored.read()
        mime_type = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        thumbnail = Drawn(content, mime_type, upload.width, upload.height)
    return Prepared(
        Message.Kind(upload.kind), upload.file, upload.mime_type, upload.filename, upload.size, thumbnail
    )


def forget_old() -> int:
    """Those that nobody sent within a day. Returns how many."""
    old = list(Upload.objects.filter(began_at__lt=timezone.now() - LASTS)[:500])
    for upload in old:
        drop(upload)
    return len(old)
