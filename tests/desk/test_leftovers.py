# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file that belongs to no message does not stay."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arengo.audience.models import Identity
from arengo.desk import leftovers
from arengo.desk.models import Attachment
from tests.factories.desk import keep, photo_said
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def test_a_file_without_its_row_goes_and_the_others_stay(
    write: Callable[..., None], anna: Identity, settings: Any
) -> None:
    write(photo_said(anna))
    keep(Attachment.objects.get(), picture(), "image/jpeg")
    root = Path(settings.MEDIA_ROOT)
    kept = files(root)
    assert len(kept) == 2  # the photo and its thumbnail
    folder = kept[0].parent
    orphan, young = folder / "orphan", folder / "young"
    elsewhere = root / "logos" / "emblem.png"
    elsewhere.parent.mkdir(parents=True)
    for path in (orphan, young, elsewhere):
        path.write_bytes(b"x")
    for path in (orphan, elsewhere, *kept):
        os.utime(path, (time.time() - 100_000, time.time() - 100_000))
    assert leftovers.sweep() == 1
    assert files(root) == sorted([*kept, young, elsewhere])


def test_without_any_file_there_is_nothing_to_do(settings: Any) -> None:
    assert leftovers.sweep() == 0
