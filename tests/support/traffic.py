# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One citizen and one town, and everything of the main road that happens between them, with ids as WhatsApp makes them."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile

from arengo.audience.models import Identity, phone_hash
from arengo.core.models import Person
from arengo.delivery.models import Delivery, Outbox, OutboxState, Sender
from arengo.delivery.queue.ownership import Owner
from arengo.desk import jobs, replying
from arengo.desk.models import Attachment, Conversation, Message
from arengo.intake import reader
from arengo.intake.models import Journal
from arengo.platforms.contract import Address, Template
from tests.factories.delivery import mailing
from tests.factories.intake import journal
from tests.factories.webhooks import wamid, webhook
from tests.support.sandbox_server import SandboxProcess
from tests.support.waiting import NEVER


@dataclass
class Traffic:
    """Of one citizen. ``ids`` are all message ids that the platform named to us."""

    sandbox: SandboxProcess
    sender: Sender
    operator: Person
    number: str = ""
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        [person] = self.sandbox.control("POST", "/people", {"count": 1})["people"]
        self.number = f"+{person['phone']}"

    # --- the road in ---

    def writes(self, text: str = "", **content: Any) -> str:
        """A message of the citizen is read from the journal; its id."""
        message_id = wamid(self.number)
        self.ids.add(message_id)
        said = content if "type" in content else {"type": "text", "text": {"body": text}, **content}
        message = {"from": self.number[1:], "id": message_id, "timestamp": str(int(time.time())), **said}
        contact = {"wa_id": self.number[1:], "profile": {"name": "Anna Esempio"}}
        self.webhook(contacts=[contact], messages=[message])
        return message_id

    def reports(self, message_id: str, status: str, delivery: Delivery | None = None, **more: Any) -> None:
        """A receipt, with our own id if ``delivery`` is named."""
        self.ids.add(message_id)
        receipt = {
            "id": message_id, "status": status, "timestamp": str(int(time.time())), "recipient_id": self.number[1:], **more,
        }  # fmt: skip
        if delivery is not None:
            receipt["biz_opaque_callback_data"] = str(delivery.pk)
        self.webhook(statuses=[receipt])

    def webhook(self, **value: Any) -> None:
        metadata = {"display_phone_number": "390550000001", "phone_number_id": self.sender.number_id}
        row = journal(self.sender, webhook(metadata=metadata, **value))
        reader.read_batch()
        row.refresh_from_db()
        assert row.state == Journal.State.APPLIED, row.problem

    # --- the road out ---

    def answers(self, text: str, *, reply_to: Message | None = None, file: bytes = b"") -> Delivery:
        """The operator's answer, until the platform accepted it."""
        files = [SimpleUploadedFile("modulo.pdf", file)] if file else []
        [message] = replying.reply(
            self.conversation,
            by=self.operator,
            text=text,
            files=files,
            reply_to=reply_to,
            key=secrets.token_hex(8),
        )
        if file:
            run(jobs.send_media, message.attachment)
        self.leaves()
        return Delivery.objects.get(desk_message=message)

    def reacts(self, message: Message, emoji: str) -> None:
        replying.react(message, by=self.operator, emoji=emoji)
        self.leaves()

    def mailing(self) -> Delivery:
        fanout = mailing(self.sender, [Address(phone=self.number)], template=Template("hello_world", "en_US"))
        self.leaves()
        return fanout.deliveries.get()

    def leaves(self) -> None:
        """Everything that waits is sent."""

        async def run_owner() -> None:
            owner = asyncio.create_task(Owner().run())
            deadline = time.monotonic() + NEVER
            try:
                while await sync_to_async(self._waiting)():
                    assert time.monotonic() < deadline, "the outbox did not become empty"
                    await asyncio.sleep(0.02)
            finally:
                owner.cancel()
                await asyncio.gather(owner, return_exceptions=True)

        async_to_sync(run_owner)()
        self.ids |= {
            str(entry["id"]) for entry in self.sandbox.control("GET", "/ledger?limit=10000")["ledger"]
        }

    def _waiting(self) -> bool:
        return Outbox.objects.exclude(state=OutboxState.UNCERTAIN).exists()

    # --- what became of it ---

    @property
    def identity(self) -> Identity:
        found: Identity = Identity.objects.get(phone_hash=phone_hash("whatsapp", self.number))
        return found

    @property
    def conversation(self) -> Conversation:
        found: Conversation = Conversation.objects.get(identity=self.identity, state=Conversation.State.OPEN)
        return found

    def named(self, delivery: Delivery) -> str:
        """What the platform called this delivery's message."""
        ledger = self.sandbox.control("GET", "/ledger?limit=10000")["ledger"]
        [name] = [each["id"] for each in ledger if each["biz_opaque_callback_data"] == str(delivery.pk)]
        return str(name)


def run(job: Any, attachment: Attachment) -> None:
    """The job of a file, as a worker runs it for the first time."""
    context = SimpleNamespace(job=SimpleNamespace(id=0, attempts=0))
    job(context, attachment.organization_id, attachment.pk)


def main_road(traffic: Traffic) -> None:
    """Everything once: texts, quotes, reactions, files, receipts, a mailing and what is answered to it, and refusals."""
    first = traffic.writes("Buongiorno, a che ora apre l'anagrafe?")
    jobs.mark_read(traffic.sender.organization_id, traffic.conversation.messages.get().pk)
    question = traffic.conversation.messages.get()
    answer = traffic.answers("Alle 9.", reply_to=question)
    traffic.reacts(question, "👍")
    ours = traffic.named(answer)
    for status in ("sent", "delivered"):
        traffic.reports(ours, status, answer)
    traffic.reports(ours, "read")
    traffic.writes("E alle 8?", context={"id": ours, "from": "390550000001"})
    traffic.writes("Scusi.", context={"id": first, "from": traffic.number[1:]})
    traffic.writes(type="reaction", reaction={"message_id": ours, "emoji": "🙏"})
    image = {"id": "900000000000001", "mime_type": "image/jpeg", "sha256": "x"}
    traffic.writes(type="image", image=image)
    run(jobs.fetch_media, Attachment.objects.get(message__kind=Message.Kind.IMAGE))
    traffic.answers("Il modulo", file=b"%PDF-1.7", reply_to=question)
    mailed = traffic.mailing()
    traffic.reports(traffic.named(mailed), "delivered", mailed)
    traffic.writes("Grazie dell'avviso", context={"id": traffic.named(mailed), "from": "390550000001"})
    refused = traffic.answers("A domani.")
    name = traffic.named(refused)
    quoted = f"Message {name} ({name[6:].rstrip('=')}, wamid%2E{name[6:].replace('=', '%3D')}) failed for {traffic.number}"
    traffic.reports(
        name,
        "failed",
        refused,
        errors=[{"code": 131026, "title": f"{name[9:40]} undeliverable", "error_data": {"details": quoted}}],
    )
    traffic.writes("ISCRIVIMI")
    traffic.leaves()
