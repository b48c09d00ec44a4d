# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a town holds after some bad days: edits, moves, doubts, second tries, a second responder, an erasure, a restore.

Through the roads where they lead there within one transaction (``conftest.py``); what only a worker's own connection or
the passing of days leaves behind is written as it leaves it.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from arengo.accounts.models import FailureCount
from arengo.audience import privacy
from arengo.audience.models import Identity, phone_hash
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.limits import tier
from arengo.delivery.models import Delivery, DeliveryState, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts, follow_ups
from arengo.delivery.timeline import beginning, deciding
from arengo.delivery.timeline.models import Cause
from arengo.desk.models import Attachment, Message
from arengo.intake.models import Gap, Silence
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import accepted_as, decide, lose, mailing, reach
from tests.factories.intake import journal, read_all as read_journal
from tests.factories.webhooks import webhook

BRUNO, CARLA = "393330000002", "393330000003"  # Bruno changes his number and stays, Carla is erased


def arrive(sender: Sender, field: str, **value: Any) -> None:
    """A webhook of one value, stored and read."""
    journal(sender, webhook(field, **value))
    read_all()


def read_all() -> None:
    """All that waits. The reader bounds how long its own transaction may stand still; here that is the town's, and goes on."""
    read_journal()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def _said(who: str, number: int, kind: str, content: Any, **more: Any) -> dict[str, Any]:
    return {
        "from": who,
        "id": f"wamid.more.{number}",
        "timestamp": str(int(time.time()) + number),
        "type": kind,
        kind: content,
        **more,
    }


def of_citizens(sender: Sender, operator: Person) -> None:
    """People who edit, delete, react too early, move, send what cannot be fetched, talk to somebody else, and are erased."""
    tier.set_limit(sender, 1_000)
    arrive(
        sender,
        "messages",
        contacts=[{"profile": {"name": "Bruno Esempio"}, "wa_id": BRUNO}],
        messages=[
            _said(BRUNO, 1, "text", {"body": "ISCRIVIMI"}),
            _said(BRUNO, 2, "text", {"body": "Quando apre?"}),
            _said(
                BRUNO,
                3,
                "edit",
                {"original_message_id": "wamid.more.2", "message": {"text": {"body": "E oggi?"}}},
            ),
            _said(
                BRUNO, 4, "edit", {"original_message_id": "wamid.later", "message": {"text": {"body": "Poi"}}}
            ),
            _said(BRUNO, 5, "reaction", {"message_id": "wamid.early", "emoji": "👍"}),
            _said(BRUNO, 6, "text", {"body": "Citato"}, context={"id": "wamid.early"}),
            _said(
                BRUNO,
                7,
                "document",
                {"id": "media-9", "filename": "atto.pdf", "mime_type": "application/pdf"},
            ),
        ],
    )
    arrive(
        sender,
        "messages",
        messages=[
            _said(BRUNO, 8, "system", {"type": "user_changed_number", "body": "…", "wa_id": "393330000004"})
        ],
    )
    Attachment.objects.filter(message__platform_message_hash=vault().message_hash("wamid.more.7")).update(
        state=Attachment.State.FAILED
    )
    handover = {"timestamp": str(int(time.time())), "wa_id": CARLA}
    arrive(sender, "messages", messages=[_said(CARLA, 9, "text", {"body": "Sono Carla"})])
    arrive(sender, "messaging_handovers", messaging_handovers=[{"type": "control_taken", **handover}])
    arrive(sender, "standby", messages=[_said(CARLA, 10, "text", {"body": "Anche qui"})])
    carla = Identity.objects.get(phone_hash=phone_hash("whatsapp", f"+{CARLA}"))
    arrive(sender, "messages", messages=[_said("393330000005", 11, "text", {"body": "Resto io"})])
    arrive(
        sender,
        "messaging_handovers",
        messaging_handovers=[{"type": "control_taken", **handover, "wa_id": "393330000005"}],
    )
    privacy.erase(carla.contact, by=operator)
    now = timezone.now()
    Gap.objects.get_or_create(
        sender_id=sender.pk,
        hour=now.replace(minute=0, second=0, microsecond=0),
        minutes=5,
        defaults={"count": 3},
    )
    Silence.objects.create(sender_id=sender.pk, since=now, usual_minutes=120, answer=Silence.Answer.HERE)
    FailureCount.objects.create(person=operator, hour=now.replace(minute=0, second=0, microsecond=0), count=2)


def of_deliveries(sender: Sender, operator: Person) -> None:
    """One delivery accepted, one unknown, one unknown and sent again, one that goes a day later, one that waits; an alert that waits."""
    people = [Address(phone=f"+3933300001{number:02d}") for number in range(5)]
    fanout = mailing(sender, people, topic="update:9")
    accepted, unknown, again, tomorrow, _waits = (
        Delivery.objects.filter(pk=pk) for pk in fanout.deliveries.order_by("pk").values_list("pk", flat=True)
    )
    decide(accepted, DeliveryState.ACCEPTED)
    accepted_as(accepted, "wamid.out.1")
    lose(unknown | again)
    one = again.get()
    outbox.retry_unknown(
        fanout,
        mark=doubts.mark_of(timezone.now() + timedelta(days=1)),
        only_not_sent=False,
        among=[bytes(one.address_hash)],
    )
    decide(tomorrow, DeliveryState.FAILED, code=131049)
    follow_ups.try_again_next_day(sender.pk, list(tomorrow.values_list("pk", flat=True)))
    reach(sender, [bytes(one.address_hash)], timedelta(0))
    first = Message.objects.filter(direction="in", conversation__state="open").earliest("pk")
    outbox.enqueue(
        sender,
        first.conversation.identity.address,
        Text("Risposta in coda"),
        topic=f"conversation:{first.conversation_id}",
    )


def taken_back(towns: list[tuple[Organization, Person]]) -> None:
    """The database is older than it was: what waits is withheld, and in each town somebody has read so."""
    beginning.begin(Cause.INSTALLED)
    beginning.begin(Cause.RESTORE)
    beginning.withhold()
    for organization, person in towns:
        with organization_scope(organization):
            deciding.read(organization.pk, by=person)
