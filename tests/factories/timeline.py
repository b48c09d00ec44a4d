# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation's database and its data folder, and a restore that takes back one of them."""

from __future__ import annotations

from pathlib import Path

from django.db.models import F

from arengo.delivery.models import Timeline
from arengo.delivery.timeline import keeping
from arengo.delivery.timeline.folder_note import FolderNote


def watched(folder: Path) -> FolderNote:
    """A worker has looked three times; nothing is wrong."""
    folder_note = FolderNote(folder)
    for _tick in range(3):
        keeping.keep(folder_note)
    return folder_note


def taken_back(ticks: int = 2) -> None:
    """The database is as it was so many ticks ago; the data folder is not."""
    Timeline.objects.update(tick=F("tick") - ticks)


def restore(folder_note: FolderNote) -> None:
    """The same, and a worker has looked."""
    taken_back()
    keeping.keep(folder_note)
