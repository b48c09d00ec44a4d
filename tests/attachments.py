# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from arengo.desk.jobs import make_ready, store
from arengo.desk.models import Attachment


def keep(attachment: Attachment, content: bytes, mime_type: str) -> None:
    """What the job does with a file that the platform gave: it lies here, with its thumbnail, and can be opened."""
    if store(attachment, content, mime_type):
        attachment.make_thumbnail()
        make_ready(attachment)
