# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-written SQL of the road out, by name: ``statement("claim")`` is ``sql/claim.sql``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    return (files("arengo.delivery") / "sql" / f"{name}.sql").read_text("utf-8")
