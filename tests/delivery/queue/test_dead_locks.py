# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that moves deliveries and conversations, at once and on the same rows.

Each statement locks in one order, so two of them never wait in a circle. A transaction of several statements may; it is
undone, and done again: nobody who pressed or wrote notices, and every counter is right at the end.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.db.models import Count, Q
from django.utils import timezone

import arengo
from arengo.audience.defaults import create_defaults
from arengo.core.database import again_if_undone, is_undone
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending.moves import Move
from arengo.delivery.sending.results import Requeue, Results
from arengo.desk import handling, replying
from arengo.desk.models import Conversation
from arengo.intake import reader
from arengo.intake.models import Journal
from arengo.platforms.contract import Address, Template
from tests.factories.delivery import mailing
from tests.factories.intake import journal
from tests.factories.webhooks import webhook

PEOPLE = [f"3933300{n:05}" for n in range(60)]
ROUNDS = 40  # of each of those who work at once

pytestmark = pytest.mark.django_db(transaction=True)


def _webhook(sender: Sender, messages: list[dict[str, object]], statuses: list[dict[str, object]]) -> None:
    contacts = [{"wa_id": str(each["from"]), "profile": {"name": "Anna Esempio"}} for each in messages]
    metadata = {"display_phone_number": "390550000001", "phone_number_id": sender.number_id}
    journal(sender, webhook(metadata=metadata, contacts=contacts, messages=messages, statuses=statuses))


class Town:
    """One number with three mailings to everybody; each method is the work of one of those who meet."""

    def __init__(self, sender: Sender, operator: Person) -> None:
        self.sender, self.operator = sender, operator
        self.fanouts: list[Fanout] = []
        for number in range(3):
            people = [Address(phone=f"+{phone}") for phone in PEOPLE]
            hello = Template("hello_world", "en_US")
            fanout = mailing(sender, people, template=hello, topic=f"update:{number}")
            self.fanouts.append(fanout)
        self.deliveries = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))

    def citizens(self, chance: random.Random) -> None:
        """They write, join and leave; the platform reports."""
        now = str(int(time.time()))
        messages: list[dict[str, object]] = [
            {
                "from": phone,
                "id": f"wamid.{phone}-{chance.random()}",
                "timestamp": now,
                "type": "text",
                "text": {"body": chance.choice(["ISCRIVIMI", "CANCELLAMI", "Quando apre?"])},
            }
            for phone in chance.sample(PEOPLE, 8)
        ]
        statuses = [self._status(pk, chance, now) for pk in chance.sample(self.deliveries, 20)]
        _webhook(self.sender, messages, statuses)

    def _status(self, pk: int, chance: random.Random, now: str) -> dict[str, object]:
        status = chance.choice(["sent", "delivered", "read", "failed"])
        errors = [{"code": 131026, "title": "Undeliverable"}] if status == "failed" else []
        address = PEOPLE[self.deliveries.index(pk) % len(PEOPLE)]
        return {
            "id": f"wamid.of-{pk}",
            "status": status,
            "timestamp": now,
            "recipient_id": address,
            "biz_opaque_callback_data": str(pk),
            **({"errors": errors} if errors else {}),
        }

    def reader(self, chance: random.Random) -> None:
        """As the worker does: what was undone is read again."""
        try:
            reader.read_batch()
        except OperationalError as error:
            if not is_undone(error):
                raise

    def dispatcher(self, chance: random.Random) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_outbox SET state = 10, claimed_at = now(), claim_epoch = 1 WHERE delivery_id = ANY (ARRAY ("
                "SELECT delivery_id FROM delivery_outbox WHERE state = 0 ORDER BY random() LIMIT 12 FOR NO KEY UPDATE SKIP LOCKED)) "
                "RETURNING delivery_id"
            )
            claimed = [int(row[0]) for row in cursor.fetchall()]

        async def write() -> None:
            results = Results(self.sender.pk, self.sender.organization_id, epoch=1)
            for pk in claimed[:8]:
                results.add(Move(pk, state=DeliveryState.ACCEPTED, accepted_at=timezone.now()))
            for pk in claimed[8:]:
                results.add(Requeue(pk, timezone.now()))
            await results.write()
            await results.close()

        asyncio.run(write())

    def staff(self, chance: random.Random) -> None:
        open_ones = list(Conversation.objects.filter(state=Conversation.State.OPEN)[:20])
        if open_ones:
            with suppress(handling.HandlingRefused):
                replying.reply(
                    chance.choice(open_ones),
                    by=self.operator,
                    text="Dalle 9 alle 13",
                    key=f"{chance.random()}",
                )
        outbox.retry_failed(chance.choice(self.fanouts))


def test_nobody_who_pressed_or_wrote_notices_and_every_counter_is_right(
    scope: Organization, sender: Sender, olga: Person
) -> None:
    create_defaults(scope)
    town = Town(sender, olga)
    problems: list[str] = []
    over = threading.Event()

    def at_once(work: Callable[[random.Random], None], seed: int) -> threading.Thread:
        def run() -> None:
            chance = random.Random(seed)
            try:
                with organization_scope(scope):
                    for _round in range(ROUNDS):
                        if not over.is_set():
                            work(chance)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is what the test looks for
                problems.append(f"{work.__name__}: {type(error).__name__}: {str(error)[:600]}")
                over.set()
            finally:
                connection.close()

        return threading.Thread(target=run, name=work.__name__)

    workers = [
        town.citizens,
        town.citizens,
        town.reader,
        town.reader,
        town.dispatcher,
        town.dispatcher,
        town.staff,
    ]
    threads = [at_once(work, seed) for seed, work in enumerate(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while reader.read_batch():
        pass
    assert problems == []
    assert not Journal.objects.exclude(state=Journal.State.APPLIED).exists()
    for fanout in Fanout.objects.annotate(
        failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
        read=Count("deliveries", filter=Q(deliveries__read_at__isnull=False)),
    ):
        waiting = Outbox.objects.filter(fanout=fanout).count()
        assert (fanout.n_waiting, fanout.n_failed, fanout.n_read) == (waiting, fanout.failed, fanout.read)


def test_a_verb_that_was_undone_is_done_again_and_anything_else_is_not(scope: Organization) -> None:
    tries: list[str] = []

    @again_if_undone
    def undone(most: int, code: str) -> str:
        tries.append(code)
        if len(tries) <= most:
            with connection.cursor() as cursor:
                cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
        return "done"

    assert undone(2, "40P01") == "done"
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(OperationalError):
        undone(99, "40001")
    assert len(tries) == 4  # no more often
    tries.clear()
    with pytest.raises(OperationalError):
        undone(1, "57014")
    assert len(tries) == 1


def test_no_lock_keeps_out_rows_that_only_refer_to_the_locked_one() -> None:
    """``FOR UPDATE`` waits for whoever is inserting a row that refers to it; ``FOR NO KEY UPDATE`` does not.

    Six are meant to: two decide about a mailing while others put rows of it into the outbox, two end a topic while somebody
    chooses it, and two close a poll while somebody votes.
    """
    found = []
    for path in Path(arengo.__file__).parent.rglob("*"):
        if path.suffix in {".py", ".sql"} and "migrations" not in path.parts:
            text = path.read_text()
            found += [path.name for _each in re.finditer(r"\bFOR UPDATE\b", text)]
            found += [
                path.name
                for each in re.finditer(r"select_for_update\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text)
                if "no_key=" not in each[1]
            ]
    assert sorted(found) == ["counting.py", "outbox.py", *["verbs.py"] * 3, "withhold_mailings.sql"]
