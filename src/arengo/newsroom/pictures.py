# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update's image: checked, upright, without what the camera wrote into it."""

from __future__ import annotations

import uuid

from django.core.files.base import ContentFile, File
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from arengo.core.images import PictureBusy, PictureRefused, Rendition, must_be_seen_whole, open_picture
from arengo.platforms.contract import TakesFiles
from arengo.platforms.registry import platforms

_SIDE = 1600  # pixels; what a screen needs


class UnfitImage(ValueError):
    """Why the file cannot be the image, in words for the person who chose it."""


def most_bytes() -> int:
    """What every platform takes that takes pictures: an update may leave through any."""
    able = [each for each in platforms().values() if isinstance(each, TakesFiles)]
    return min(each.sendable.image_most_bytes for each in able)


def fit(chosen: File[bytes]) -> ContentFile[bytes]:
    """A JPEG, or a PNG when it is partly transparent, no larger than a screen needs, with a name nobody can guess."""
    most = most_bytes()
    if (chosen.size or 0) > most:
        megabytes = number_format((chosen.size or 0) / 1024 / 1024, decimal_pos=1)
        raise UnfitImage(
            _("L'immagine pesa %(size)s MB: il massimo è %(most)d MB. Salvala più piccola.")
            % {"size": megabytes, "most": most // 1024**2}
        )
    try:
        picture = open_picture(chosen, Rendition(side=_SIDE, most_bytes=most))
        must_be_seen_whole(picture)
    except (PictureRefused, PictureBusy) as refused:
        raise UnfitImage(refused.words) from refused
    [drawn] = picture.drawn
    return ContentFile(drawn.content, name=f"{uuid.uuid4().hex}{drawn.suffix}")


def mime_type(name: str) -> str:
    return "image/png" if name.endswith(".png") else "image/jpeg"
