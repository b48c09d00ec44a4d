# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures from outside. ``open_picture`` is the only door: nothing else may hand foreign bytes to a decoder.

``formats`` tells what a file is, ``opening`` starts the process that decodes it, ``decoder`` is that process, ``refusals`` say
why not. Ruff forbids Pillow elsewhere (TID251 in pyproject.toml).
"""

from arengo.core.images.formats import ACCEPT, ALL, HEAD, PHOTOS, Format, format_of
from arengo.core.images.opening import Drawn, Picture, Rendition, must_be_seen_whole, open_pages, open_picture
from arengo.core.images.refusals import (
    Animated,
    DamagedPicture,
    DecoderFailed,
    NotAPicture,
    PictureBusy,
    PictureRefused,
    PictureTooHeavy,
    PictureTooLarge,
    SeveralPages,
    TooManyPages,
    TooNarrow,
)

__all__ = [
    "ACCEPT",
    "ALL",
    "HEAD",
    "PHOTOS",
    "Animated",
    "DamagedPicture",
    "DecoderFailed",
    "Drawn",
    "Format",
    "NotAPicture",
    "Picture",
    "PictureBusy",
    "PictureRefused",
    "PictureTooHeavy",
    "PictureTooLarge",
    "Rendition",
    "SeveralPages",
    "TooManyPages",
    "TooNarrow",
    "format_of",
    "must_be_seen_whole",
    "open_pages",
    "open_picture",
]
