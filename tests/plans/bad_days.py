# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Traffic of bad days: bursts, a database that gives up, answers that are lost, and a database that is older than it was."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from asgiref.sync import async_to_sync
from django.db import transaction
from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, Fanout, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts
from arengo.delivery.timeline import deciding
from arengo.intake import reader, rows, silence
from arengo.intake.journal import Journal
from arengo.platforms.contract import Address, Text
from tests.factories.delivery import lose, mailing
from tests.factories.timeline import restore, watched
from tests.factories.webhooks import wamid
from tests.security.erasure_traffic import Citizen, arrive, store


def _mailing(sender: Sender, first: int, urgency: Urgency = Urgency.NEWS) -> Fanout:
    people = [Address(phone=f"+3932300{first + n:05d}") for n in range(20)]
    return mailing(sender, people, urgency, topic="update:7")


def bursting(sender: Sender) -> None:
    """More people join at once than a batch applies; one of them asks something while their word still waits."""
    people = [Citizen(sender) for _ in range(130)]
    for citizen in people:
        store(sender, **_words(citizen, "ISCRIVIMI"))
    reader.read_batch()
    arrive(sender, **_words(people[-1], "A che ora apre l’anagrafe?"))
    people[-1].name = "Anna Esempio"
    people[-1].text("Buongiorno")


def _words(citizen: Citizen, text: str) -> dict[str, list[dict[str, object]]]:
    message = {
        "from": citizen.wa_id,
        "id": wamid(citizen.phone),
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    who = {"profile": {"name": citizen.name}, "wa_id": citizen.wa_id}
    return {"contacts": [who], "messages": [message]}


def storing(sender: Sender) -> None:
    """A body as the endpoint stores it; then the database gives up the transaction that reads it; the next comes after a
    gap, and then nobody writes any more.
    """

    async def append() -> None:
        journal = Journal()
        await journal.append(sender.pk, b"{}")
        await journal.close()

    async_to_sync(append)()
    with transaction.atomic():
        [row] = rows.take(1)
        rows.put_off(row, "deadlock")
    now = timezone.now()
    silence.heard({sender.pk: [now, now + timedelta(minutes=1)]})
    silence.watch()


def doubting(sender: Sender) -> None:
    """Answers that are lost: decided when patience ends, weighed, looked at, pressed again for a mailing and for one."""
    fanout = _mailing(sender, 100)
    lose(fanout.deliveries.all())
    lose(_mailing(sender, 200, Urgency.ALERT).deliveries.all())
    single = outbox.enqueue(sender, Address(phone="+393230000001"), Text("Ciao"))
    lose(Delivery.objects.filter(pk=single.pk))
    sender.state = Sender.State.STOPPED
    sender.save(update_fields=["state"])
    doubts.settle_stopped()
    sender.state = Sender.State.ACTIVE
    sender.save(update_fields=["state"])
    doubts.weigh()
    fanout.refresh_from_db()
    mark = doubts.unknown(fanout).mark
    hashes = [bytes(each) for each in fanout.deliveries.values_list("address_hash", flat=True)]
    for only in (True, False):
        outbox.retry_unknown(fanout, mark=mark, only_not_sent=only, among=hashes)
    unknown = Delivery.objects.select_related("doubt").get(pk=single.pk)
    outbox.retry(unknown, mark=doubts.evidence(unknown).mark)


def restored(organization: Organization, sender: Sender, citizen: Citizen, alice: Person) -> None:
    """Three steps back: what waits is looked at, then sent, then dropped; receipts of the lost time come in between."""
    with tempfile.TemporaryDirectory() as folder:
        folder_note = watched(Path(folder))
        decisions: tuple[tuple[Callable[..., int], Callable[..., int]], ...] = (
            (deciding.release_mailing, deciding.release_singles),
            (deciding.drop_mailing, deciding.drop_singles),
        )
        for number, (of_mailing, of_singles) in enumerate(decisions):
            fanout = _mailing(sender, 300 + number * 100)
            single = outbox.enqueue(sender, Address(phone=citizen.phone), Text("Ciao"))
            restore(folder_note)
            outbox.fill(fanout, [Address(phone=f"+3932400{number:05d}")])
            arrive(sender, statuses=[citizen.receipt(single, "delivered")])
            outbox.enqueue(sender, Address(phone=citizen.phone), Text("Tardi"), due_at=fanout.created_at)
            deciding.withheld(organization.pk)
            deciding.outlook()
            of_mailing(fanout, by=alice)
            of_singles(organization.pk, by=alice)
            deciding.read(organization.pk, by=alice)
