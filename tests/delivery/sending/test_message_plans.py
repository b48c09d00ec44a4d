# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""However much was sent and written: a message is found by the hash of its id along an index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.models import Delivery, Sender
from arengo.delivery.receipts import applying
from arengo.delivery.timeline import beginning, receipts as timeline_receipts
from arengo.delivery.timeline.models import Cause
from arengo.desk import answering, arrivals
from arengo.desk.models import Message
from arengo.platforms.contract import Address, MessageReceived, ReceiptReceived, ReceiptStatus
from tests.delivery.plans_of import plans
from tests.factories.audience import citizen
from tests.factories.core import make_organization
from tests.factories.delivery import make_sender
from tests.factories.desk import make_conversation

pytestmark = pytest.mark.django_db

_MAILINGS, _RECIPIENTS, _SINGLES, _MESSAGES = 10, 20_000, 100_000, 300_000
_FANOUTS = """
INSERT INTO delivery_fanout (organization_id, sender_id, urgency, outgoing, price_category, topic, created_at, last_accepted_at,
  total, n_accepted, n_delivered, n_read, n_failed, n_unknown, n_cancelled, n_waiting)
SELECT %(organization)s, %(sender)s, 2, '{}', 'utility', 'update:' || i, now(), now(), 0, 0, 0, 0, 0, 0, 0, 0
FROM generate_series(1, %(mailings)s) AS i RETURNING id
"""
_DELIVERIES = """
INSERT INTO delivery_delivery (organization_id, sender_id, fanout_id, urgency, address_sealed, address_hash, topic, state,
  message_hash, message_sealed, code, reason, price_category, created_at, accepted_at)
SELECT %(organization)s, %(sender)s, f.id, 2, '\\x01', sha256(i::text::bytea), '', 20,
  substr(sha256((coalesce(f.id, 0) || ':' || i)::bytea), 1, 16), CASE WHEN f.id IS NULL THEN '\\x01'::bytea END, 0, '', 'utility',
  now(), now()
FROM unnest(%(fanouts)s::bigint[]) AS f (id), generate_series(1, CASE WHEN f.id IS NULL THEN %(singles)s ELSE %(recipients)s END) AS i
"""
_DESK = """
INSERT INTO desk_message (organization_id, sender_id, conversation_id, direction, kind, text, sent_at, received_at, automatic,
  command, forwarded, platform_message_hash, key, failure, citizen_reaction, our_reaction, delivery_id)
SELECT %(organization)s, %(sender)s, %(conversation)s, CASE WHEN d.id IS NULL THEN 'in' ELSE 'out' END, 'text', 'Buongiorno',
  now(), now(), '', '', false, CASE WHEN d.id IS NULL THEN substr(sha256(n.i::text::bytea), 1, 16) END, '', '', '', '', d.id
FROM generate_series(1, %(messages)s) AS n (i)
LEFT JOIN (
  SELECT id, row_number() OVER () AS i FROM delivery_delivery WHERE fanout_id IS NULL
) d ON d.i = n.i
"""


@pytest.fixture(scope="module")
def years(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Organization, Sender, Identity]]:
    """A town that has been at it for years; taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        town = make_organization("Comune di Esempio", "anni")
        with organization_scope(town):
            sender = make_sender(town)
            person = citizen("", phone="+393330000001")
            conversation = make_conversation(person, sender)
        values = {
            "organization": town.pk, "sender": sender.pk, "conversation": conversation.pk, "mailings": _MAILINGS,
            "recipients": _RECIPIENTS, "singles": _SINGLES, "messages": _MESSAGES,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # no foreign key is checked row by row
            cursor.execute(_FANOUTS, values)
            values["fanouts"] = [*(row[0] for row in cursor.fetchall()), None]
            cursor.execute(_DELIVERIES, values)
            cursor.execute(_DESK, values)
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("ANALYZE delivery_delivery, delivery_fanout, desk_message, desk_conversation")
        yield town, sender, person
        transaction.set_rollback(True)


def only_indexes(queries: CaptureQueriesContext) -> set[str]:
    """The indexes that are used; fails where one of the large tables is read from end to end."""
    used = set()
    for text, step in plans(queries):
        assert not (
            step["Node Type"].endswith("Seq Scan")
            and step.get("Relation Name") in {"delivery_delivery", "desk_message"}
        ), text
        used |= {step["Index Name"]} if "Index Name" in step else set()
    return used


def said(person: Identity, number: int, **more: str) -> CitizenWrote:
    message = MessageReceived(
        f"wamid.new.{number}", timezone.now(), Address(phone="+393330000001"), "text", **more
    )  # type: ignore[arg-type]
    return CitizenWrote(contact_id=person.contact_id, identity_id=person.pk, message=message, command="")


def test_receipts_without_our_id_are_found_along_the_indexes(years: Any) -> None:
    town, sender, _person = years
    told = [ReceiptReceived(f"wamid.{n}", ReceiptStatus.READ, timezone.now(), opaque="") for n in range(300)]
    with organization_scope(town), CaptureQueriesContext(connection) as queries:
        applying.apply(Batch(town.pk, sender.pk, told, "whatsapp"))
    assert {"delivery_by_hash", "delivery_single_by_hash"} <= only_indexes(queries)


def test_quotes_reactions_and_repeated_messages_are_found_along_the_indexes(years: Any) -> None:
    town, sender, person = years
    quoting = [said(person, n, reply_to=f"wamid.old.{n}") for n in range(50)]
    with organization_scope(town), transaction.atomic():
        ours = Delivery.objects.filter(fanout__isnull=True).earliest("pk")
        Delivery.objects.filter(pk=ours.pk).update(message_hash=vault().message_hash("wamid.old.0"))
        with CaptureQueriesContext(connection) as queries:
            arrivals.citizen_wrote(Batch(town.pk, sender.pk, quoting))
        found = Message.objects.get(platform_message_hash=vault().message_hash("wamid.new.0"))
        assert found.reply_to == ours.desk_message
        transaction.set_rollback(True)
    used = only_indexes(queries)
    assert {"desk_message_once", "delivery_single_by_hash"} <= used


def test_the_command_that_an_answer_is_about_is_found_along_the_index(years: Any) -> None:
    town, sender, person = years
    with organization_scope(town), CaptureQueriesContext(connection) as queries:
        answering.reply_wanted(
            Batch(
                town.pk,
                sender.pk,
                [ReplyWanted(person.contact_id, person.pk, "Benvenuta", "wamid.new.1", "audience.welcome")],
            )
        )
    assert "desk_message_once" in only_indexes(queries)


def test_what_receipts_tell_of_the_time_that_was_lost_is_found_along_the_indexes(years: Any) -> None:
    town, sender, _person = years
    beginning.begin(Cause.INSTALLED)
    known = list(Delivery.unscoped.order_by("pk").values_list("pk", flat=True)[:150])
    given = [*known, *(known[-1] + 10_000_000 + number for number in range(150))]
    with organization_scope(town), CaptureQueriesContext(connection) as queries:
        timeline_receipts.check_receipts(sender.pk, given)
    assert "delivery_delivery_pkey" in only_indexes(queries)
