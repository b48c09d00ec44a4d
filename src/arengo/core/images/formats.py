# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The formats of pictures that are opened, told by their first bytes alone: never by a name or by what a sender says."""

from __future__ import annotations

import enum

HEAD = 32  # bytes that are enough to tell


class Format(enum.Enum):
    """Value: the MIME type. What is not here reaches no decoder: EPS, PSD, PDF, SVG, ICO and the rest."""

    JPEG = "image/jpeg"  # also MPO, of which the first picture counts
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    BMP = "image/bmp"
    TIFF = "image/tiff"
    HEIF = "image/heic"
    AVIF = "image/avif"

    @property
    def moves(self) -> bool:
        """Whether several pictures in one file are an animation; otherwise they are pages."""
        return self in (Format.PNG, Format.WEBP, Format.GIF, Format.AVIF)


# What a citizen's file is opened as. Scans (TIFF, BMP) come from staff only: their decoders are of no use to others.
PHOTOS = frozenset({Format.JPEG, Format.PNG, Format.WEBP, Format.GIF, Format.HEIF, Format.AVIF})
ALL = frozenset(Format)
# For a file chooser. Some systems know no MIME type of an iPhone's photos.
ACCEPT = ",".join([*(form.value for form in Format), "image/heif", ".heic", ".heif"])

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_BMP_HEADERS = frozenset(
    {12, 40, 52, 56, 64, 108, 124}
)  # bytes of the header behind the first one, by version


def format_of(head: bytes) -> Format | None:
    """``head``: at least the first HEAD bytes, or the whole of a shorter file. None: nothing that is opened."""
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return Format.TIFF
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if (
        head.startswith(b"BM")
        and head[6:10] == bytes(4)
        and int.from_bytes(head[14:18], "little") in _BMP_HEADERS
    ):
        return Format.BMP
    return None


def _by_brand(head: bytes) -> Format | None:
    """ISO base media file: the major brand; ``mif1`` is both, then the compatible brands decide."""
    major = head[8:12]
    brands = {head[start : start + 4] for start in range(16, len(head) - 3, 4)}
    if major in _AVIF_BRANDS or (major in (b"mif1", b"msf1") and brands & _AVIF_BRANDS):
        return Format.AVIF
    return Format.HEIF if major in _HEIF_BRANDS else None
