# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photos: what comes in gets a thumbnail, what goes out is drawn anew, without the place where it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from arengo.core.images import PHOTOS, Drawn, Rendition, must_be_seen_whole, open_pages, open_picture

_LONGEST_SIDE = 4096  # pixels; larger than any screen of a phone shows
# A page of a scan: 200 points an inch on A4. Forty of them stay under what WhatsApp takes as a document (100 MB).
_PAGE = Rendition(side=2339, most_bytes=2 * 1024 * 1024, form="JPEG", quality=82)
_MOST_PAGES = 40
# Content: JPEG, or PNG where it has transparency.
_THUMBNAIL = Rendition(side=480, most_bytes=1024 * 1024, quality=80)


@dataclass(frozen=True)
class Thumbnail:
    drawn: Drawn
    found_mime_type: str  # of the original, by its content


def thumbnail(content: bytes | IO[bytes]) -> Thumbnail:
    """Of what a citizen sent, or was sent. Raises what ``open_picture`` raises; TIFF and BMP are documents here."""
    picture = open_picture(content, _THUMBNAIL, among=PHOTOS)
    return Thumbnail(picture.drawn[0], picture.form.value)


def pages_to_send(content: bytes | IO[bytes]) -> tuple[Drawn, ...]:
    """The pages of a scan, each as a JPEG. Raises what ``open_pages`` raises."""
    return open_pages(content, _PAGE, most=_MOST_PAGES)


def fit_to_send(content: bytes | IO[bytes], *, most_bytes: int) -> tuple[Drawn, Drawn]:
    """The photo as it is sent (upright, no metadata, no larger than the platform takes), and its thumbnail.

    Raises what ``open_picture`` raises, and a PictureRefused where the citizen would see only a part of it.
    """
    sent = Rendition(side=_LONGEST_SIDE, most_bytes=most_bytes)
    picture = open_picture(content, sent, _THUMBNAIL)
    must_be_seen_whole(picture)
    photo, small = picture.drawn
    return photo, small
