# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sealed: each vote on its way, and the box with those that are counted. Fixed lengths, so that none tells what it says."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from arengo.newsroom.votes.keys import Keys

_SLIP = struct.Struct(">BqqBBq")
_BALLOT = struct.Struct(">16sBBq")


class What(IntEnum):
    VOTE = 1
    MERGE = 2  # two that turned out to be one person: ``other`` is the one that is gone
    FORGET = 3  # somebody is erased: their vote goes too


class Slip(NamedTuple):
    """``option`` counts from 0; ``where``: place in the poll's outlets; ``at``: when it was sent, milliseconds of the epoch."""

    what: What
    identity_id: int
    other: int = 0
    option: int = 0
    where: int = 0
    at: int = 0

    def packed(self) -> bytes:
        return _SLIP.pack(*self)

    @classmethod
    def read(cls, packed: bytes) -> Slip:
        """struct.error, ValueError: not one."""
        what, *rest = _SLIP.unpack(packed)
        return cls(What(what), *rest)


class Ballot(NamedTuple):
    option: int
    where: int
    at: int


@dataclass
class Box:
    """One ballot a person, by a token that only the poll's key makes."""

    ballots: dict[bytes, Ballot] = field(default_factory=dict)

    @classmethod
    def read(cls, packed: bytes) -> Box:
        return cls({token: Ballot(*rest) for token, *rest in _BALLOT.iter_unpack(packed)})

    def packed(self) -> bytes:
        """In the order of the tokens, which is chance."""
        return b"".join(_BALLOT.pack(token, *ballot) for token, ballot in sorted(self.ballots.items()))

    def put(self, token: bytes, ballot: Ballot) -> None:
        """The last one said counts, in whatever order they come."""
        known = self.ballots.get(token)
        if known is None or known.at <= ballot.at:
            self.ballots[token] = ballot

    def take(self, token: bytes) -> None:
        self.ballots.pop(token, None)

    def merge(self, gone: bytes, kept: bytes) -> None:
        if (ballot := self.ballots.pop(gone, None)) is not None:
            self.put(kept, ballot)

    def count(self, options: int) -> list[int]:
        found = [0] * options
        for ballot in self.ballots.values():
            found[ballot.option] += 1
        return found

    def by_outlet(self, outlets: Sequence[str]) -> dict[str, int]:
        found = dict.fromkeys(outlets, 0)
        for ballot in self.ballots.values():
            found[outlets[ballot.where]] += 1
        return found


@dataclass
class Waiting:
    """What waits to be counted, opened: each person's last vote, and what else happened to people."""

    votes: dict[int, Ballot] = field(default_factory=dict)
    merged: list[tuple[int, int]] = field(default_factory=list)  # gone, kept
    forgotten: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, slips: Iterable[Slip]) -> Waiting:
        """In the order in which they came."""
        found = cls()
        for slip in slips:
            if slip.what is What.VOTE:
                found._vote(slip.identity_id, Ballot(slip.option, slip.where, slip.at))
            elif slip.what is What.MERGE:
                if (theirs := found.votes.pop(slip.other, None)) is not None:
                    found._vote(slip.identity_id, theirs)
                found.merged.append((slip.other, slip.identity_id))
            else:
                found.votes.pop(slip.identity_id, None)
                found.forgotten.add(slip.identity_id)
        return found

    def _vote(self, identity_id: int, ballot: Ballot) -> None:
        known = self.votes.get(identity_id)
        if known is None or known.at <= ballot.at:
            self.votes[identity_id] = ballot

    def pour(self, box: Box, keys: Keys, *, held: Iterable[int] = ()) -> list[int]:
        """Into the box, but for the votes of ``held``. Returns who voted."""
        for gone, kept in self.merged:
            box.merge(keys.token(gone), keys.token(kept))
        for identity_id in self.forgotten:
            box.take(keys.token(identity_id))
        left = set(held)
        poured = sorted(self.votes.keys() - left)
        for identity_id in poured:
            box.put(keys.token(identity_id), self.votes[identity_id])
        return poured
