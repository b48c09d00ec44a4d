# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Arrays that we write in PostgreSQL's binary form ourselves arrive as what they are."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from arengo.core.database import BigintArray, ByteaArray, conninfo

pytestmark = pytest.mark.django_db


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=50), st.lists(st.binary(max_size=300), max_size=50)
)
def test_what_goes_in_comes_out(numbers: list[int], values: list[bytes]) -> None:
    with psycopg.connect(conninfo("arengo test")) as database:
        row = database.execute("SELECT %b, %b", [BigintArray(numbers), ByteaArray(values)]).fetchone()
    assert row == (numbers, values)
