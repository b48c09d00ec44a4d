# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photos: what comes in gets a thumbnail, what goes out is drawn anew, without the place where it was taken."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

_MOST_PIXELS = 80_000_000  # more than phones take; a small file may unfold to more than the memory holds
_THUMBNAIL = (480, 480)  # pixels
_LONGEST_SIDE = 4096  # pixels; larger than any screen of a phone shows
# What browsers show and what cannot run: everything else is only ever downloaded.
_SHOWN = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


class NotAPhoto(ValueError):
    """Pillow cannot read it, or it would unfold to an unreasonable size."""


@dataclass(frozen=True)
class Thumbnail:
    content: bytes  # JPEG, or PNG where it has transparency
    width: int
    height: int
    found_mime_type: str  # of the original, by its content


def _open(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content))
        if image.width * image.height > _MOST_PIXELS:
            raise NotAPhoto
        image.load()
    except NotAPhoto:
        raise
    except Exception as error:  # Pillow's decoders raise anything at bad bytes
        raise NotAPhoto from error
    return image


def _transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _encode(image: Image.Image, *, quality: int = 88) -> tuple[bytes, str]:
    out = io.BytesIO()
    if _transparent(image):
        image.convert("RGBA").save(out, "PNG", optimize=True)
        return out.getvalue(), "image/png"
    image.convert("RGB").save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue(), "image/jpeg"


def thumbnail(content: bytes) -> Thumbnail | None:
    """None when it is no photo that a browser may show."""
    try:
        image = _open(content)
    except NotAPhoto:
        return None
    found = _SHOWN.get(image.format or "")
    if found is None:
        return None
    small = ImageOps.exif_transpose(image)
    small.thumbnail(_THUMBNAIL)
    drawn, _mime_type = _encode(small, quality=80)
    return Thumbnail(drawn, small.width, small.height, found)


def fit_to_send(content: bytes, *, most_bytes: int) -> tuple[bytes, str]:
    """Drawn anew as JPEG (PNG where it is transparent): upright, no metadata, no larger than the platform takes.

    NotAPhoto when it cannot be read.
    """
    image = ImageOps.exif_transpose(_open(content))
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    for side in (_LONGEST_SIDE, 3072, 2048, 1536, 1024):
        image.thumbnail((side, side))
        drawn, mime_type = _encode(_bare(image))
        if len(drawn) <= most_bytes:
            return drawn, mime_type
    raise NotAPhoto


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: no EXIF, no comments; transparency stays."""
    if image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    bare = image.copy()
    bare.info = {key: value for key, value in image.info.items() if key == "transparency"}
    return bare
