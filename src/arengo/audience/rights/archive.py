# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that is held of one citizen, as one ZIP: a page to read, JSON for machines, the files.

It is made on the disk, piece by piece: memory stays flat, whatever somebody sent.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, gettext as _

from arengo.audience import privacy
from arengo.audience.models import Contact
from arengo.core import disk
from arengo.core.console import personal_data
from arengo.core.console.personal_data import Chapter

NAME = "i-miei-dati.zip"
_PIECE = 256 * 1024  # bytes
_ROOM = 2  # what is kept free of the disk besides: a second copy of the files


class NoRoom(Exception):
    """The disk has no room for it, in the user's language."""


def written(contact: Contact) -> File[bytes]:
    """An open file, which is gone once it is closed. NoRoom. Inside the organization's scope."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    needed = sum(file.size for file in personal_data.files(contact.pk))
    if disk.is_low(disk.free(folder) - _ROOM * needed):
        raise NoRoom(_("Sul disco non c’è posto per preparare l’archivio: avvisa chi gestisce Arengo."))
    out = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed when it was sent
    try:
        _write(contact, out)
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    file: File[bytes] = File(out, name=NAME)
    file.size = size
    return file


def _write(contact: Contact, out: IO[bytes]) -> None:
    missing: list[str] = []
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for held in personal_data.files(contact.pk):
            try:
                with (
                    held.open() as stored,
                    archive.open(_entry(f"allegati/{held.name}", stored=True), "w") as entry,
                ):
                    shutil.copyfileobj(stored, entry, _PIECE)
            except FileNotFoundError:
                missing.append(held.name)
        with archive.open(_entry("dati.json"), "w") as entry:
            encoder = json.JSONEncoder(indent=2, ensure_ascii=False)
            for piece in encoder.iterencode(privacy.everything(contact)):
                entry.write(piece.encode("utf-8", "replace"))
        with archive.open(_entry("leggimi.html"), "w") as entry:
            for line in _page(contact, missing):
                entry.write(line.encode("utf-8", "replace"))


def _entry(name: str, *, stored: bool = False) -> ZipInfo:
    found = ZipInfo(name, timezone.localtime().timetuple()[:6])
    found.compress_type = ZIP_STORED if stored else ZIP_DEFLATED  # photos and documents are small already
    found.external_attr = 0o600 << 16
    return found


def _page(contact: Contact, missing: list[str]) -> Iterator[str]:
    """HTML that any browser shows, from the disk: no style, no script, nothing from elsewhere."""
    title = _("Che cosa sappiamo di te")
    yield format_html(
        '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>{}</title></head><body><main><h1>{}</h1><p>{}</p>\n",
        get_language(),
        title,
        title,
        _(
            "%(organization)s, %(day)s. Gli stessi dati, per un programma, sono in dati.json; i file in «allegati»."
        )
        % {
            "organization": contact.organization.name,
            "day": date_format(timezone.localdate(), "DATE_FORMAT"),
        },
    )
    for chapter in personal_data.chapters(contact.pk):
        yield from _chapter(chapter)
    if missing:
        yield format_html("<h2>{}</h2><ul>", _("File che non ci sono più"))
        for name in missing:
            yield format_html("<li>{}</li>", name)
        yield "</ul>"
    yield "</main></body></html>\n"


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield format_html("<h2>{}</h2>\n<ul>\n", chapter.title)
    empty = True
    for line in chapter.lines:
        empty = False
        at = timezone.localtime(line.at) if line.at else None
        when = (
            format_html(
                '<time datetime="{}">{}</time> ', at.isoformat(), date_format(at, "SHORT_DATETIME_FORMAT")
            )
            if at
            else ""
        )
        label = format_html("<strong>{}</strong>: ", line.label) if line.label else ""
        yield format_html('<li>{}{}<span dir="auto">{}</span></li>\n', when, label, line.text)
    yield "</ul>\n"
    if empty:
        yield format_html("<p>{}</p>\n", _("Niente."))
