# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files of the desk that belong to no attachment any more: left by a worker that was killed, or by a disk that failed.

A file knows no rollback: one that was written just before its transaction was lost, or that could not be deleted after an
erasure, would lie there for ever and hold what a citizen sent.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from arengo.core.scope import every_organization
from arengo.desk.models import Attachment

_YOUNG = timedelta(days=1)  # a file may be there some time before its row says so

log = logging.getLogger(__name__)


def sweep() -> int:
    """Takes them off the disk. Returns how many."""
    root = Path(settings.MEDIA_ROOT)
    before = time.time() - _YOUNG.total_seconds()
    gone = 0
    for folder in sorted(path for path in (root / "desk").glob("*") if path.name.isdigit()):
        with every_organization("the disk knows no scope"):
            of_organization = Attachment.objects.filter(organization_id=int(folder.name))
            names = of_organization.values_list("file", "thumbnail").iterator()
            known = {name for pair in names for name in pair if name}
        for file in folder.rglob("*"):
            if file.is_file() and str(file.relative_to(root)) not in known and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
                gone += 1
    if gone:
        log.info("%d files that belonged to no message were taken away.", gone)
    return gone
