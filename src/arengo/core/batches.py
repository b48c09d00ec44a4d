# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Large work in small batches: one short transaction each, and a rest after each, so that nobody who is in a hurry waits.

Cut off at any moment, it goes on with the next batch the next time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

# Rests, as multiples of the time that the batch took. It never stops for good: where something always leaves, what is old
# would never go.
_CALM = 1.0
_BUSY = 9.0
_LONGEST = 5.0  # seconds


async def delete_in_batches(
    delete_batch: Callable[[], Awaitable[int]], busy: Callable[[], Awaitable[bool]]
) -> int:
    """Calls ``delete_batch`` until it returns 0; the sum. ``busy``: somebody else needs the database more just now."""
    total = 0
    while True:
        began = time.monotonic()
        deleted = await delete_batch()
        if not deleted:
            return total
        total += deleted
        took = time.monotonic() - began
        await asyncio.sleep(min(took * (_BUSY if await busy() else _CALM), _LONGEST))
