# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures for the public page: upright, no larger than a screen, without what the camera wrote into them."""

from __future__ import annotations

from django.core.files.base import File

from arengo.core.images import Drawn, Rendition, open_picture

# A JPEG that is sharp on a phone held sideways, and appears coarse at once where the connection is slow.
_FOR_THE_WEB = Rendition(side=1600, most_bytes=5 * 1024 * 1024, form="JPEG", quality=85, progressive=True)


def for_the_web(picture: File[bytes]) -> Drawn:
    """A JPEG of the picture, without its metadata (place, time, camera). Raises what ``open_picture`` raises."""
    return open_picture(picture, _FOR_THE_WEB).drawn[0]
