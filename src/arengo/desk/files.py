# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that operators send: judged by what is in them, never by their name alone."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from arengo.desk.models import Message
from arengo.desk.photos import NotAPhoto, fit_to_send

IMAGE_MOST_BYTES = 5 * 1024 * 1024  # Meta: image ≤ 5 MB
DOCUMENT_MOST_BYTES = 100 * 1024 * 1024  # Meta: document ≤ 100 MB
MOST_FILES = 10
REPLY_MOST_BYTES = 210 * 1024 * 1024  # of one answer with all its files: two of the largest documents
ACCEPTED = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt"

_PHOTO_MOST_BYTES = 40 * 1024 * 1024  # before it is made smaller
_PHOTO_NAMES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD_OFFICE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_NEW_OFFICE = {  # the folder that each keeps in its archive
    "word/": (".docx", f"{_OPEN_XML}.wordprocessingml.document"),
    "xl/": (".xlsx", f"{_OPEN_XML}.spreadsheetml.sheet"),
    "ppt/": (".pptx", f"{_OPEN_XML}.presentationml.presentation"),
}


class NotSendable(ValueError):
    """Why the file cannot be sent, in the user's language."""


@dataclass(frozen=True)
class Prepared:
    kind: Message.Kind
    content: File[bytes]
    mime_type: str
    filename: str
    size: int


def prepare(upload: UploadedFile[bytes]) -> Prepared:
    """The file as the platform takes it. NotSendable says what is wrong with it."""
    name = _name(upload)
    if not upload.size:
        raise NotSendable(_("«%(name)s» è vuoto.") % {"name": name})
    head = upload.read(16)
    upload.seek(0)
    if _looks_like_photo(head, name):
        return _photo(upload, name)
    if upload.size > DOCUMENT_MOST_BYTES:
        raise NotSendable(_("«%(name)s» supera i 100 MB.") % {"name": name})
    mime_type = _document_type(upload, head, PurePath(name).suffix.lower())
    upload.seek(0)
    if mime_type is None:
        raise NotSendable(
            _("«%(name)s» non si può inviare: WhatsApp accetta foto, PDF, Word, Excel, PowerPoint e testo.")
            % {"name": name}
        )
    return Prepared(Message.Kind.DOCUMENT, upload, mime_type, name, upload.size)


def _name(upload: UploadedFile[bytes]) -> str:
    """The bare name, without controls; Meta shows it to the citizen."""
    bare = PurePath((upload.name or "").replace("\\", "/")).name
    clean = "".join(letter for letter in bare if letter.isprintable())
    return clean[-240:] or "file"


def _looks_like_photo(head: bytes, name: str) -> bool:
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
        or PurePath(name).suffix.lower() in _PHOTO_NAMES
    )


def _photo(upload: UploadedFile[bytes], name: str) -> Prepared:
    if (upload.size or 0) > _PHOTO_MOST_BYTES:
        raise NotSendable(_("«%(name)s» è troppo grande per una foto.") % {"name": name})
    try:
        drawn, mime_type = fit_to_send(upload.read(), most_bytes=IMAGE_MOST_BYTES)
    except NotAPhoto as error:
        raise NotSendable(
            _("«%(name)s» non si legge come foto: salvala come JPEG o PNG e riprova.") % {"name": name}
        ) from error
    suffix = ".png" if mime_type == "image/png" else ".jpg"
    return Prepared(
        Message.Kind.IMAGE, ContentFile(drawn), mime_type, PurePath(name).stem + suffix, len(drawn)
    )


def _document_type(upload: UploadedFile[bytes], head: bytes, suffix: str) -> str | None:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(_OLE):
        return _OLD_OFFICE.get(suffix)
    if head.startswith(b"PK\x03\x04"):
        return _office_archive(upload, suffix)
    if suffix == ".txt" and _is_text(upload):
        return "text/plain"
    return None


def _office_archive(upload: UploadedFile[bytes], suffix: str) -> str | None:
    try:
        with zipfile.ZipFile(upload) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return None
    if "[Content_Types].xml" not in names:
        return None
    for folder, (expected, mime_type) in _NEW_OFFICE.items():
        if suffix == expected and any(name.startswith(folder) for name in names):
            return mime_type
    return None


def _is_text(upload: UploadedFile[bytes]) -> bool:
    upload.seek(0)
    sample = upload.read(64 * 1024)
    return b"\0" not in sample
