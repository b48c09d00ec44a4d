# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update's image: checked, upright, without what the camera wrote into it."""

from __future__ import annotations

import uuid

from django.core.files.base import ContentFile, File
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arengo.core.images import PictureBusy, PictureRefused, Rendition, must_be_seen_whole, open_picture

MOST_BYTES = 5 * 1024 * 1024  # Meta: an image of a message
_SENT = Rendition(side=1600, most_bytes=MOST_BYTES)  # Meta: images are JPEG or PNG


class UnfitImage(ValueError):
    """Why the file cannot be the image, in words for the person who chose it."""


def fit(chosen: File[bytes]) -> ContentFile[bytes]:
    """A JPEG, or a PNG when it is partly transparent, no larger than a screen needs, with a name nobody can guess."""
    if (chosen.size or 0) > MOST_BYTES:
        megabytes = number_format((chosen.size or 0) / 1024 / 1024, decimal_pos=1)
        raise UnfitImage(
            _("L'immagine pesa %(size)s MB: il massimo è 5 MB. Salvala più piccola.") % {"size": megabytes}
        )
    try:
        picture = open_picture(chosen, _SENT)
        must_be_seen_whole(picture)
    except (PictureRefused, PictureBusy) as refused:
        raise UnfitImage(refused.words) from refused
    [drawn] = picture.drawn
    return ContentFile(drawn.content, name=f"{uuid.uuid4().hex}{drawn.suffix}")


def mime_type(name: str) -> str:
    return "image/png" if name.endswith(".png") else "image/jpeg"
