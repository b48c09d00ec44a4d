# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is published at the closing: counted again by anybody, and found out when it is changed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from arengo.core.models import AuditEntry
from arengo.newsroom.votes import counting, keys, receipts
from arengo.newsroom.votes.models import Poll
from tests.factories.polls import over

Votes = Callable[..., None]


@pytest.fixture
def closed(poll: Poll, votes: Votes) -> Poll:
    votes(*[1, 2, 2, 3, 2, 1, 1, 2])
    over(poll)
    counting.close(poll.pk)
    return Poll.objects.get(pk=poll.pk)


def test_there_is_one_line_a_vote_each_with_its_own_receipt_in_the_order_of_chance(closed: Poll) -> None:
    lines = [line.split(",") for line in closed.register.splitlines()]
    assert len(lines) == 8
    assert len({receipt for receipt, _answer in lines}) == 8
    assert lines == sorted(lines)
    assert sorted(answer for _receipt, answer in lines) == list("11122223")


def test_all_agrees_as_long_as_nothing_is_changed(closed: Poll) -> None:
    assert receipts.problems(closed) == []
    said = json.loads(closed.statement)
    assert (said["counts"], said["votes"], said["register"]) == (
        [3, 4, 1],
        8,
        receipts.fingerprint(closed.register),
    )
    assert keys.is_signed(closed.statement, bytes(closed.signature), bytes(closed.signing_key))


def _counts(poll: Poll) -> None:
    poll.counted = [4, 3, 1]


def _one_vote(poll: Poll) -> None:
    lines = poll.register.splitlines()
    lines[0] = lines[0][:-1] + ("1" if lines[0].endswith("2") else "2")
    poll.register = "\n".join(lines) + "\n"


def _one_more(poll: Poll) -> None:
    poll.register = "0" * 24 + ",1\n" + poll.register
    poll.counted = [poll.counted[0] + 1, *poll.counted[1:]]


def _all_that_agrees(poll: Poll) -> None:
    """Register, result and statement, one fitting the other: only the signature is of before."""
    _one_more(poll)
    poll.statement = receipts.statement_of(poll, shares=True)


def _signed_anew(poll: Poll) -> None:
    """With a key of the attacker's own: only the log knows which was announced."""
    _all_that_agrees(poll)
    public = keys.make(poll.update.poll.code)
    held = keys.read(poll.code)
    poll.signing_key, poll.signature = public.signing, held.sign(poll.statement)


def _no_statement(poll: Poll) -> None:
    poll.statement = "[]"


def _options(poll: Poll) -> None:
    poll.options = [poll.options[1], poll.options[0], poll.options[2]]


@pytest.mark.parametrize(
    "change", [_counts, _one_vote, _one_more, _all_that_agrees, _signed_anew, _no_statement, _options]
)
def test_whatever_is_changed_afterwards_is_found(closed: Poll, change: Callable[[Poll], None]) -> None:
    keys.destroy(closed.code)  # as the commit of the closing does
    change(closed)
    closed.save()
    assert receipts.problems(Poll.objects.get(pk=closed.pk))


def test_another_entry_of_the_log_proves_nothing(closed: Poll) -> None:
    other = AuditEntry.objects.exclude(pk=closed.opened_entry).first()
    assert other is not None
    Poll.objects.filter(pk=closed.pk).update(opened_entry=other.pk)
    assert receipts.problems(Poll.objects.get(pk=closed.pk))


def test_few_votes_are_signed_too_without_their_shares(poll: Poll, votes: Votes) -> None:
    votes(1, 2)
    over(poll)
    counting.close(poll.pk)
    found = Poll.objects.get(pk=poll.pk)
    assert receipts.problems(found) == []
    assert json.loads(found.statement)["counts"] == []
    found.counted = [3]
    found.save()
    assert receipts.problems(found)
