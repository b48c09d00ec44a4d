# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a process that is frozen, or cut off, in the middle of a transaction does to the others."""

from __future__ import annotations

import psycopg
import pytest

from arengo.config import settings as real
from faults.ground import Ground


def test_the_locks_of_a_frozen_process_do_not_last_for_ever(base: Ground) -> None:
    """Whoever takes over its numbers waits for the rows that its reader was moving."""
    options = str(real.DATABASES["default"]["OPTIONS"]["options"])  # type: ignore[index]  # Django's own settings are untyped
    with psycopg.connect(base.address_of("postgres"), options=options) as session:
        row = session.execute(
            "SELECT extract(epoch FROM current_setting('idle_in_transaction_session_timeout')::interval)"
        ).fetchone()
        assert row is not None
        assert 0 < row[0] <= 60

    short = options.replace("=30000", "=200")
    assert short != options
    with psycopg.connect(base.address_of("postgres"), options=short) as frozen:
        frozen.execute("SELECT 1")  # a transaction is open now, and nothing more is said
        with psycopg.connect(base.address_of("postgres"), autocommit=True) as other:
            other.execute("SELECT pg_sleep(1)")
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            frozen.execute("SELECT 1")
