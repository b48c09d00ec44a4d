# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that operators send: judged by what is in them, never by their name alone."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from arengo.core.clean_text import file_name, isolated
from arengo.core.images import (
    ACCEPT,
    HEAD,
    Drawn,
    PictureBusy,
    PictureRefused,
    SeveralPages,
    TooNarrow,
    format_of,
)
from arengo.desk.models import Message
from arengo.desk.photos import fit_to_send
from arengo.platforms.contract import Platform, TakesFiles

MOST_FILES = 10
REPLY_MOST_BYTES = 210 * 1024 * 1024  # of one answer with all its files
ACCEPTED = f"{ACCEPT},.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt"

_PHOTO_MOST_BYTES = 40 * 1024 * 1024  # before it is made smaller
_PHOTO_NAMES = {
    *(".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff"),
    *(".svg", ".eps", ".psd", ".ico"),  # pictures to who chose them: the refusal speaks of pictures
}
_MOST_DIRECTORY = 1024 * 1024  # bytes of the list of files in an archive; Word writes some kB
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
    thumbnail: Drawn | None = None  # of a photo


def prepare(upload: UploadedFile[bytes], speaks: Platform) -> Prepared:
    """The file as the platform takes it. NotSendable says what is wrong with it."""
    if not isinstance(speaks, TakesFiles):
        raise NotSendable(_("Su %(platform)s non si possono inviare file.") % {"platform": speaks.words.name})
    name = file_name(upload.name or "") or "file"  # the citizen sees it
    if not upload.size:
        raise NotSendable(_("«%(name)s» è vuoto.") % {"name": isolated(name)})
    head = upload.read(HEAD)
    upload.seek(0)
    if format_of(head) is not None or PurePath(name).suffix.lower() in _PHOTO_NAMES:
        return _photo(upload, name, speaks.sendable.image_most_bytes)
    most = speaks.sendable.document_most_bytes
    if upload.size > most:
        raise NotSendable(
            _("«%(name)s» supera i %(most)d MB.") % {"name": isolated(name), "most": most // 1024**2}
        )
    mime_type = _document_type(upload, head, PurePath(name).suffix.lower())
    upload.seek(0)
    if mime_type is None:
        raise NotSendable(
            _(
                "«%(name)s» non si può inviare: %(platform)s accetta foto, PDF, Word, Excel, PowerPoint e testo."
            )
            % {"name": isolated(name), "platform": speaks.words.name}
        )
    return Prepared(Message.Kind.DOCUMENT, upload, mime_type, name, upload.size)


def _photo(upload: UploadedFile[bytes], name: str, most_bytes: int) -> Prepared:
    if (upload.size or 0) > _PHOTO_MOST_BYTES:
        raise NotSendable(_("«%(name)s» è troppo grande per una foto.") % {"name": isolated(name)})
    try:
        photo, small = fit_to_send(upload, most_bytes=most_bytes)
    except (PictureRefused, PictureBusy) as refused:
        words = _("«%(name)s» non è partito. %(why)s") % {"name": isolated(name), "why": refused.words}
        if isinstance(refused, TooNarrow | SeveralPages):
            words += " " + _("Oppure salva il file come PDF: si invia come documento.")
        raise NotSendable(words) from refused
    return Prepared(
        Message.Kind.IMAGE,
        ContentFile(photo.content),
        photo.mime_type,
        PurePath(name).stem + photo.suffix,
        len(photo.content),
        thumbnail=small,
    )


def _document_type(upload: UploadedFile[bytes], head: bytes, suffix: str) -> str | None:
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(_OLE):
        return _OLD_OFFICE.get(suffix)
    if head.startswith(b"PK\x03\x04"):
        return _office_archive(upload, suffix)
    if suffix == ".txt":
        upload.seek(0)
        return None if b"\0" in upload.read(64 * 1024) else "text/plain"
    return None


def _office_archive(upload: UploadedFile[bytes], suffix: str) -> str | None:
    """Only the list of names is read: what lies in the archive is never unpacked here."""
    try:
        with zipfile.ZipFile(_Bounded(upload)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    for folder, (expected, mime_type) in _NEW_OFFICE.items():
        if suffix == expected and any(name.startswith(folder) for name in names):
            return mime_type
    return None


class _Bounded(io.RawIOBase):
    """The upload, for zipfile: it reads the whole list of names at once, and a million names are a gigabyte of objects."""

    def __init__(self, upload: UploadedFile[bytes]) -> None:
        super().__init__()
        self._upload = upload

    def read(self, size: int = -1, /) -> bytes:
        content: bytes = self._upload.read(size if 0 <= size <= _MOST_DIRECTORY else _MOST_DIRECTORY + 1)
        if len(content) > _MOST_DIRECTORY:
            raise zipfile.BadZipFile("its list of names is too long")
        return content

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._upload.seek(offset, whence)
        return self.tell()

    def tell(self) -> int:
        return int(self._upload.tell())

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
