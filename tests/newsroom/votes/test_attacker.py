# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An attacker who has all that an installation keeps but the poll's key does no better than guessing who voted what.

They hold the database in the physical order of its rows (ctid, xmin, ids, times) at any moments they like, the vault's keys and
whatever those open: journal, threads, deliveries. They know who voted, when, and in which order. They do not hold: the file of the
poll's key, the memory of a process, PostgreSQL's write-ahead log and dead rows (decision 66).

Each test has its counterpart in which something leaks, and the same attacker wins: one that sees nothing proves nothing.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from arengo.audience import choices
from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.core.vault import Vault, VaultError, vault
from arengo.delivery.models import Sender
from arengo.newsroom.votes import counting, receipts
from arengo.newsroom.votes.models import Poll
from arengo.platforms.contract import Address
from tests.factories import webhooks
from tests.factories.audience import known
from tests.factories.intake import journal, read_all
from tests.factories.polls import ballot, over, phone_of, poll_draft, press, sent_poll, vote
from tests.support.scan import purposes, tables

VOTERS = 60
# Of sixty votes, half of them each way, thirty are guessed on average, and more than fifty once in a hundred million times. The
# attacker has some hundred orders to try, and takes the best.
GUESSED = 50

Row = dict[str, Any]
Truth = dict[int, int]  # by identity: the number of the answer


@dataclass
class Dump:
    """What a dump tells: each table's rows in physical order, each sealed value beside it as the vault opens it."""

    rows: Mapping[str, Sequence[Row]]

    @classmethod
    def taken(cls) -> Dump:
        found: dict[str, list[Row]] = {}
        for table in tables():
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT ctid::text AS "ctid", xmin::text AS "xmin", * FROM "{table}"')  # noqa: S608  # of the catalogue
                names = [column.name for column in cursor.description]
                found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return cls(found)

    def texts(self, row: Row) -> Iterator[bytes]:
        """Every value of a row, and what the vault makes of it."""
        for value in row.values():
            blob = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            yield blob
            if isinstance(value, bytes | memoryview) and (opened := _opened(vault(), blob)) is not None:
                yield opened


def _opened(keys: Vault, blob: bytes) -> bytes | None:
    for purpose in purposes():
        try:
            return keys.open(blob, purpose=purpose)
        except VaultError:
            continue
    return None


def said(dump: Dump, poll: Poll, people: Mapping[int, str]) -> dict[int, set[int]]:
    """By identity, answers that stand anywhere together with something that names the person: their number, or an id of theirs.

    What says all the answers at once (the mailing, the list to choose from) says nothing of anybody.
    """
    found: dict[int, set[int]] = {}
    pressed = re.compile(rb"arengo:poll:%d:(\d+)" % poll.update_id)
    numbers = {phone.removeprefix("+").encode(): identity for identity, phone in people.items()}
    contacts = dict(Identity.unscoped.values_list("contact_id", "pk"))
    of_conversation = {row["id"]: contacts.get(row["contact_id"]) for row in dump.rows["desk_conversation"]}
    for rows in dump.rows.values():
        for row in rows:
            texts = list(dump.texts(row))
            answers = {int(each) for text in texts for each in pressed.findall(text)}
            answers |= {
                number
                for number in range(1, len(poll.options) + 1)
                if any(f"Voto {number}".encode() in text for text in texts)
            }
            if len(answers) != 1:
                continue
            named = {
                identity for number, identity in numbers.items() if any(number in text for text in texts)
            }
            named |= {
                row.get("identity_id"),
                contacts.get(row.get("contact_id")),
                of_conversation.get(row.get("conversation_id")),
            }
            for identity in named & people.keys():
                found.setdefault(identity, set()).update(answers)
    return found


def orders_of_people(dump: Dump, people: Mapping[int, str]) -> list[list[int]]:
    """Every order in which the voters stand in some table: physical, by id, by transaction, by each time of a row."""
    hashes = {bytes(each.phone_hash): each.pk for each in Identity.unscoped.filter(pk__in=people)}
    contacts = dict(Identity.unscoped.filter(pk__in=people).values_list("contact_id", "pk"))
    found: list[list[int]] = []
    for table, rows in dump.rows.items():
        named: list[tuple[int, Row]] = []
        for row in rows:
            who = row.get("identity_id")
            who = who if who in people else contacts.get(row.get("contact_id"))
            if who is None and "address_hash" in row and row["address_hash"] is not None:
                who = hashes.get(bytes(row["address_hash"]))
            if who is None and table == "intake_journal":
                texts = b" ".join(dump.texts(row))
                who = next(
                    (pk for pk, phone in people.items() if phone.removeprefix("+").encode() in texts), None
                )
            if who is None and table == "audience_identity" and row["id"] in people:
                who = row["id"]
            if who is not None:
                named.append((who, row))
        keys = [
            name for name in (named[0][1] if named else {}) if name in ("id", "xmin") or name.endswith("_at")
        ]
        for key in (None, *keys):
            ordered = named if key is None else sorted(named, key=lambda each: str(each[1][key]).zfill(40))
            order = list(dict.fromkeys(who for who, _row in reversed(ordered)))[::-1]  # where they were last
            if set(order) == set(people):
                found.append(order)
    return found


def orders_of_votes(dump: Dump, poll: Poll) -> list[list[int]]:
    """Every sequence of answers, one for each voter, that stands anywhere: columns of rows, lines of a text."""
    found: list[list[int]] = []
    for rows in dump.rows.values():
        for row in rows:
            for value in row.values():
                if isinstance(value, str) and value.count("\n") >= VOTERS:
                    found.append([int(line.rpartition(",")[2]) for line in value.splitlines()])
                if isinstance(value, bytes | memoryview):
                    found += _columns(bytes(value))
        if len(rows) == VOTERS:
            for name in rows[0]:
                values = [row[name] for row in rows]
                if all(isinstance(each, int) and 0 <= each <= len(poll.options) for each in values):
                    found.append([int(each) for each in values])
    return [each for each in found if len(each) == VOTERS and len(set(each)) == 2]


def _columns(blob: bytes) -> Iterator[list[int]]:
    """Of bytes that are as many records of one length: each place of a record, as the numbers of two answers."""
    length, rest = divmod(len(blob), VOTERS)
    if rest or not length:
        return
    for place in range(length):
        column = [blob[at * length + place] for at in range(VOTERS)]
        if len(set(column)) == 2:
            yield [1 + (each == max(column)) for each in column]


def best_guess(dump: Dump, poll: Poll, truth: Truth, people: Mapping[int, str]) -> int:
    """How many votes the best pair of an order of people and an order of votes tells right, forwards or backwards."""
    best = 0
    for persons, votes in itertools.product(orders_of_people(dump, people), orders_of_votes(dump, poll)):
        for sequence in (votes, votes[::-1]):
            best = max(best, sum(truth[who] == answer for who, answer in zip(persons, sequence, strict=True)))
    return best


@pytest.fixture
def asked(voting: Organization, edo: Person, sender: Sender) -> Poll:
    return sent_poll(voting, edo, poll_draft(["Sì", "No"]))


@pytest.fixture
def people(asked: Poll, sender: Sender) -> Truth:
    """Sixty people voted, thirty each way, in an order of chance; a third of them had said the opposite before."""
    numbers = [1, 2] * (VOTERS // 2)
    secrets.SystemRandom().shuffle(numbers)
    said = [(place, 3 - numbers[place - 1]) for place in range(1, VOTERS // 3)]
    for place, number in [*said, *enumerate(numbers, start=1)]:
        journal(sender, webhooks.written(press(phone_of(place), ballot(asked, number))))
        if place % 7 == 0:  # the reader takes some at a time
            read_all()
    read_all()
    return {known(Address(phone=phone_of(place))).pk: number for place, number in enumerate(numbers, start=1)}


def phones(truth: Truth) -> dict[int, str]:
    return {
        pk: vault().open_text(each.phone_sealed, purpose="phone")
        for pk in truth
        if (each := Identity.objects.get(pk=pk))
    }


def test_nothing_that_is_kept_says_what_somebody_voted(asked: Poll, people: Truth) -> None:
    assert said(Dump.taken(), asked, phones(people)) == {}
    counting.count(asked.pk)
    assert said(Dump.taken(), asked, phones(people)) == {}
    over(asked)
    counting.close(asked.pk)
    assert said(Dump.taken(), asked, phones(people)) == {}


def test_the_same_attacker_reads_it_where_presses_are_messages_like_others(
    asked: Poll, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "_private", set())
    vote(sender, asked, phone_of(1), 2)
    identity = known(Address(phone=phone_of(1))).pk
    assert said(Dump.taken(), asked, {identity: phone_of(1)}) == {identity: {2}}


def test_no_order_of_rows_tells_who_voted_what_once_it_is_closed(asked: Poll, people: Truth) -> None:
    counting.count(asked.pk)
    over(asked)
    counting.close(asked.pk)
    dump = Dump.taken()
    asked.refresh_from_db()
    assert (asked.votes, orders_of_votes(dump, asked) != []) == (VOTERS, True)
    assert len(orders_of_people(dump, phones(people))) > 5
    assert best_guess(dump, asked, people, phones(people)) <= GUESSED


def test_nor_while_it_is_open(asked: Poll, people: Truth) -> None:
    before = Dump.taken()
    assert counting.count(asked.pk)
    for dump in (before, Dump.taken()):
        assert best_guess(dump, asked, people, phones(people)) <= GUESSED


def test_the_same_attacker_wins_where_votes_are_published_in_the_order_of_voting(
    asked: Poll, people: Truth, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_order = "".join(f"{place:024x},{answer}\n" for place, answer in enumerate(people.values()))
    monkeypatch.setattr(receipts, "register_of", lambda _options: in_order)
    over(asked)
    counting.close(asked.pk)
    asked.refresh_from_db()
    assert best_guess(Dump.taken(), asked, people, phones(people)) == VOTERS


def test_and_where_the_box_holds_ballots_unsealed_in_the_order_of_the_people(
    asked: Poll, people: Truth
) -> None:
    box = b"".join(bytes([7, people[identity]]) for identity in sorted(people))
    Poll.objects.filter(pk=asked.pk).update(box=box)
    assert best_guess(Dump.taken(), asked, people, phones(people)) == VOTERS


def test_the_keys_of_the_vault_open_no_vote(asked: Poll, people: Truth) -> None:
    counting.count(asked.pk)
    dump = Dump.taken()
    sealed = [bytes(row["sealed"]) for row in dump.rows["newsroom_votes_pending"]]
    sealed += [bytes(row["box"]) for row in dump.rows["newsroom_votes_poll"] if row["id"] == asked.pk]
    assert len(sealed) == counting.LEAST + 1
    assert {_opened(vault(), blob) for blob in sealed} == {None}
    assert len({len(blob) for blob in sealed[:-1]}) == 1, "a vote for one answer is as long as for another"


def test_a_count_never_moves_by_fewer_than_ten_people_the_last_time_included(
    asked: Poll, sender: Sender, voting: Organization
) -> None:
    """Somebody who looks at the page each minute and knows who voted in between learns no single vote."""
    seen, voted = [0], 0
    for place in range(1, 56):
        vote(sender, asked, phone_of(place), 1 + place % 2)
        voted += 1
        if counting.count(asked.pk):
            seen.append(Poll.objects.get(pk=asked.pk).votes)
    over(asked)
    counting.close(asked.pk)
    seen.append(Poll.objects.get(pk=asked.pk).votes)
    assert seen[-1] == voted
    assert all(after - before >= counting.LEAST for before, after in itertools.pairwise(seen))


def test_who_is_held_back_is_chance(asked: Poll, people: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who voted last is not who is counted last: of two dumps, the difference is a batch and not a moment."""
    chosen: list[set[int]] = []
    whole = counting._random.sample

    def sample(population: Sequence[int], number: int) -> list[int]:
        found = whole(population, number)
        chosen.append(set(found))
        return found

    monkeypatch.setattr(counting._random, "sample", sample)
    held = []
    for _ in range(2):
        with pytest.raises(RuntimeError, match="undone"):
            _undone(asked)
        held.append(chosen[-1])
    assert held[0] != held[1]


def _undone(poll: Poll) -> None:
    with transaction.atomic():
        counting.count(poll.pk)
        raise RuntimeError("undone")


def test_who_voted_stands_in_the_order_of_ids_when_it_is_over(asked: Poll, people: Truth) -> None:
    counting.count(asked.pk)
    over(asked)
    counting.close(asked.pk)
    rows = Dump.taken().rows["newsroom_votes_voter"]
    stood = [row["identity_id"] for row in rows]
    assert stood == sorted(people)
    assert len({row["xmin"] for row in rows}) == 1
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
