# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update's image: checked, upright, without what the camera wrote into it."""

from __future__ import annotations

import uuid
from io import BytesIO

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 5 * 1024 * 1024  # Meta: an image of a message
_MOST_SIDE = 1600  # pixels
_MOST_PIXELS = 60_000_000  # before it is made smaller: a photo of today's phones has up to 50 million
_QUALITY = 88
FORMATS = {"JPEG", "PNG"}  # Meta: images are JPEG or PNG


class UnfitImage(ValueError):
    """Why the file cannot be the image, in words for the person who chose it."""


def fit(chosen: File[bytes]) -> ContentFile[bytes]:
    """A JPEG, or a PNG when it is partly transparent, no larger than a screen needs, with a name nobody can guess."""
    if (chosen.size or 0) > MOST_BYTES:
        megabytes = f"{(chosen.size or 0) / 1024 / 1024:.1f}".replace(".", ",")
        raise UnfitImage(
            _("L'immagine pesa %(size)s MB: il massimo è 5 MB. Salvala più piccola.") % {"size": megabytes}
        )
    try:
        with Image.open(chosen, formats=sorted(FORMATS)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise UnfitImage(_("L'immagine ha troppi punti: salvala più piccola."))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((_MOST_SIDE, _MOST_SIDE))
            return _written(upright)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnfitImage):
            raise
        raise UnfitImage(
            _("Non è un'immagine che WhatsApp accetta: serve una foto JPEG o PNG, non rovinata.")
        ) from error


def _written(image: Image.Image) -> ContentFile[bytes]:
    seen_through = "A" in image.getbands() or "transparency" in image.info
    written = BytesIO()
    if seen_through:
        layers = image.convert("RGBA")
        if layers.getchannel("A").getextrema() != (255, 255):
            clean = Image.new("RGBA", layers.size)
            clean.paste(layers)
            clean.save(written, "PNG", optimize=True)
            if written.tell() <= MOST_BYTES:
                return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.png")
            written = BytesIO()
        image = Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers)
    clean = Image.new("RGB", image.size)  # a new one: nothing but the points themselves goes into the file
    clean.paste(image.convert("RGB"))
    clean.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.jpg")


def mime_type(name: str) -> str:
    return "image/png" if name.endswith(".png") else "image/jpeg"
