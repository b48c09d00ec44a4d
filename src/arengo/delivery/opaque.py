# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What travels with a message and comes back in its receipts: the delivery's id, which never comes again (timeline/ids.py)."""

from __future__ import annotations

from arengo.core import outside


def written(delivery_id: int) -> str:
    return str(delivery_id)


def read(opaque: str) -> int | None:
    """An id that may be ours; None for what no installation of ours wrote."""
    return outside.whole(opaque)
