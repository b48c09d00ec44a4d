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
from arengo.core.documents.scans import scanned_pdf
from arengo.core.images import (
    ACCEPT,
    HEAD,
    Drawn,
    NotAPicture,
    PictureBusy,
    PictureRefused,
    SeveralPages,
    TooNarrow,
    format_of,
)
from arengo.desk.models import Message
from arengo.desk.photos import fit_to_send, pages_to_send
from arengo.platforms.contract import Platform, TakesFiles

MOST_FILES = 10
JUDGED = 1024  # bytes at the beginning of a file that tell what it is
REPLY_MOST_BYTES = 210 * 1024 * 1024  # of one answer with all its files
ACCEPTED = f"{ACCEPT},.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt"

_PHOTO_MOST_BYTES = 40 * 1024 * 1024  # before it is made smaller
_PHOTO_NAMES = {
    *(".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff"),
    *(".svg", ".eps", ".psd", ".ico"),  # pictures to who chose them: the refusal speaks of pictures
}
_SCANS = {".tif", ".tiff"}
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
    caption: str = ""  # its own words; a single file without any carries the answer's


def prepare(upload: UploadedFile[bytes], speaks: Platform) -> Prepared:
    """The file as the platform takes it. NotSendable says what is wrong with it."""
    if not isinstance(speaks, TakesFiles):
        raise NotSendable(_("Su %(platform)s non si possono inviare file.") % {"platform": speaks.words.name})
    name = file_name(upload.name or "") or "file"  # the citizen sees it
    if not upload.size:
        raise NotSendable(_("«%(name)s» è vuoto.") % {"name": isolated(name)})
    head = upload.read(JUDGED)
    upload.seek(0)
    if format_of(head[:HEAD]) is not None or PurePath(name).suffix.lower() in _PHOTO_NAMES:
        return _photo(upload, name, speaks.sendable.image_most_bytes)
    most = speaks.sendable.document_most_bytes
    if upload.size > most:
        words = _("«%(name)s» supera i %(most)d MB.")
        raise NotSendable(words % {"name": isolated(name), "most": most // 1024**2})
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
        if PurePath(name).suffix.lower() in _SCANS and (scan := _scan(upload, name)) is not None:
            return scan
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


def _scan(upload: UploadedFile[bytes], name: str) -> Prepared | None:
    """A TIFF of several pages is a document with all of them, never its first page alone; None for one of a single page."""
    try:
        pages = pages_to_send(upload)
    except NotAPicture:  # its name alone says TIFF
        return None
    if len(pages) < 2:
        return None
    content = scanned_pdf(pages)
    named = PurePath(name).stem + ".pdf"
    return Prepared(Message.Kind.DOCUMENT, ContentFile(content), "application/pdf", named, len(content))


def judge(name: str, size: int, head: bytes, speaks: Platform) -> None:
    """What can be said of a file by its name, size and first bytes, before it is uploaded. NotSendable says why not, and the remedy.

    What passes here may still be refused by :func:`prepare`, which reads the whole.
    """
    if not isinstance(speaks, TakesFiles):
        raise NotSendable(_("Su %(platform)s non si possono inviare file.") % {"platform": speaks.words.name})
    shown, suffix = {"name": isolated(name)}, PurePath(name).suffix.lower()
    if not size:
        raise NotSendable(_("«%(name)s» è vuoto.") % shown)
    is_photo = format_of(head[:HEAD]) is not None
    if is_photo or suffix in _PHOTO_NAMES:
        if size > _PHOTO_MOST_BYTES:
            raise NotSendable(
                _("«%(name)s» è troppo grande per una foto: al massimo %(most)d MB. Salvala più piccola.")
                % {**shown, "most": _PHOTO_MOST_BYTES // 1024**2}
            )
        if not is_photo:
            raise NotSendable(
                _("«%(name)s» non è un’immagine, anche se il nome lo dice. Salvala di nuovo come JPEG o PNG.")
                % shown
            )
        return
    most = speaks.sendable.document_most_bytes
    if size > most:
        raise NotSendable(
            _("«%(name)s» supera i %(most)d MB: dividilo, o scrivi dove si può scaricare.")
            % {**shown, "most": most // 1024**2}
        )
    office = {expected for expected, _mime_type in _NEW_OFFICE.values()}
    if not (
        _is_pdf(head)
        or (head.startswith(_OLE) and suffix in _OLD_OFFICE)
        or (head.startswith(b"PK\x03\x04") and suffix in office)
        or (suffix == ".txt" and _is_plain(head))
    ):
        if suffix in {".pdf", ".txt", *_OLD_OFFICE, *office}:
            words = _("«%(name)s» non contiene ciò che il nome dice: aprilo e salvalo di nuovo come PDF.")
            raise NotSendable(words % shown)
        raise NotSendable(
            _(
                "«%(name)s» non si può inviare: %(platform)s accetta foto, PDF, Word, Excel, PowerPoint e testo. Salvalo come PDF."
            )
            % {**shown, "platform": speaks.words.name}
        )


def _is_plain(sample: bytes) -> bool:
    """Text holds no NUL, but where its byte order mark says that each letter has two bytes."""
    return sample.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in sample


def _is_pdf(head: bytes) -> bool:
    """Some programs write a byte order mark or a line before it; readers look for it in the first kilobyte (ISO 32000, annex H)."""
    return b"%PDF-" in head[:1024]


def _document_type(upload: UploadedFile[bytes], head: bytes, suffix: str) -> str | None:
    if _is_pdf(head):
        return "application/pdf"
    if head.startswith(_OLE):
        return _OLD_OFFICE.get(suffix)
    if head.startswith(b"PK\x03\x04"):
        return _office_archive(upload, suffix)
    if suffix == ".txt":
        upload.seek(0)
        return "text/plain" if _is_plain(upload.read(64 * 1024)) else None
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
