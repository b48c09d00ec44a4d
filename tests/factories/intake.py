# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks in the journal, and through the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.intake import reader
from arengo.intake.journal import PURPOSE
from arengo.intake.models import Journal


def journal(sender: Sender, body: bytes | None = None, **fields: Any) -> Journal:
    """A row of the journal; without a body, one that nobody can open."""
    sealed = b"x" if body is None else vault().seal(body, purpose=PURPOSE)
    row: Journal = Journal.objects.create(sender=sender, **{"body_sealed": sealed, **fields})
    return row


def marked_journal(sender: Sender, problem: str = "entry[0]: ?") -> Journal:
    """A webhook that was not understood, and what the reader said of it; its body is sealed for another purpose."""
    sealed = vault().seal(b"{}", purpose="x")
    return journal(sender, body_sealed=sealed, state=Journal.State.MARKED, problem=problem)


def store(sender: Sender, bodies: Iterable[bytes]) -> list[Journal]:
    return [journal(sender, each) for each in bodies]


def read_all() -> None:
    """All that waits."""
    while reader.read_batch():
        pass


def arrive(sender: Sender, *bodies: bytes) -> list[Journal]:
    """In one batch of the reader; nothing may be left waiting."""
    rows = store(sender, bodies)
    read_all()
    for row in rows:
        row.refresh_from_db()
    return rows


def problems(rows: Sequence[Journal]) -> list[str]:
    return [row.problem for row in rows if row.problem]
