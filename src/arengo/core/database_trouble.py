# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an error of the database says about the statement that met it: nothing, try again, or that its data are at fault."""

from __future__ import annotations

import enum
from typing import Final

import psycopg
from django.db import InterfaceError, OperationalError

# SQLSTATE, by its class of two characters or in full (PostgreSQL manual, appendix A).
# Gone or going; disk, memory or places used up; a broken disk; a transaction that timed out; a standby.
_AWAY: Final = ("08", "57P", "53", "58", "25P03", "25P04", "25006")
_CANCELLED: Final = (
    "40",
    "55P03",
    "55006",
    "57014",
)  # deadlock, serialization; a lock not had in time; cancelled
_DATA_ALL_THE_SAME: Final = ("40002",)  # a constraint, found at commit
_DEEPEST: Final = 5  # errors raised from one another


class Trouble(enum.Enum):
    AWAY = "away"  # the database, or this connection to it, cannot work now: later it may
    CANCELLED = (
        "cancelled"  # the transaction was given up; the same may succeed another time, a smaller one sooner
    )


def trouble_of(error: BaseException) -> Trouble | None:
    """None for what would fail again in the same way: it is about the data, or about our own code."""
    state = sqlstate(error)
    if state.startswith(_AWAY):
        return Trouble.AWAY
    if state.startswith(_CANCELLED) and state not in _DATA_ALL_THE_SAME:
        return Trouble.CANCELLED
    if not state and isinstance(error, OperationalError | InterfaceError):
        return Trouble.AWAY
    return None


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five characters, empty where the error is none of its own. It names no data."""
    found = postgres_error(error)
    return (found.sqlstate if found is not None else None) or ""


def postgres_error(error: BaseException | None) -> psycopg.Error | None:
    """The driver's own error: this one, or the one from which Django's, or ours, was raised."""
    for _step in range(_DEEPEST):
        if error is None or isinstance(error, psycopg.Error):
            return error
        error = error.__cause__
    return None
