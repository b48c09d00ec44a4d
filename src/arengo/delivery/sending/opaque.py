# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What travels with a message and comes back in its receipts: the delivery's id, which never comes again (timeline/ids.py)."""

from __future__ import annotations

from arengo.core import outside


def written(delivery_id: int) -> str:
    return str(delivery_id)


def read(opaque: str) -> int | None:
    """The delivery's id, exactly as it is written; None for whatever another application may send."""
    delivery_id = outside.whole(opaque, least=1)
    return delivery_id if delivery_id is not None and written(delivery_id) == opaque else None
