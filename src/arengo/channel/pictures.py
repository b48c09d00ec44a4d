# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures for the public page: upright, no larger than a screen, without what the camera wrote into them."""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import ContentFile, File
from PIL import Image, ImageOps, UnidentifiedImageError

_MOST_SIDE = 1600  # pixels: sharp on a phone held sideways
_QUALITY = 85


class NotAPicture(ValueError):
    """The file is no picture that can be read."""


def for_the_web(picture: File[bytes]) -> ContentFile[bytes]:
    """A JPEG of the picture, without its metadata (place, time, camera); NotAPicture if unreadable."""
    try:
        with Image.open(picture) as opened:
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_MOST_SIDE, _MOST_SIDE))
            flat = Image.new("RGB", upright.size, "white")
            layers = upright.convert("RGBA")
            flat.paste(layers, mask=layers.getchannel("A"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise NotAPicture("This file is no picture that can be read.") from error
    written = BytesIO()
    flat.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return ContentFile(written.getvalue(), name="picture.jpg")
