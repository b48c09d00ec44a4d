# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of traffic of one citizen, through the roads: webhooks into the journal, mailings and answers out."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import connection
from django.utils import timezone

from arengo.audience.models import phone_hash, user_hash
from arengo.audience.recipients import Purpose, Recipients
from arengo.core.models import Person
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Outbox, OutboxState, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.sending.moves import Move, parameters
from arengo.delivery.sql import statement
from arengo.desk import replying
from arengo.desk.models import Attachment, Conversation, Message
from arengo.intake.models import Journal
from tests.factories.delivery import lose, mailing
from tests.factories.desk import keep
from tests.factories.intake import journal, read_all
from tests.factories.pictures import picture
from tests.factories.webhooks import wamid, webhook

_numbers = count(1)
_given: dict[int, str] = {}  # delivery → the platform's id of its message


def random_phone() -> str:
    """A number that no other test, run or row can hold by chance."""
    return f"+39399{secrets.randbelow(10**7):07d}"


@dataclass
class Citizen:
    sender: Sender
    phone: str = field(default_factory=random_phone)
    user_id: str = field(default_factory=lambda: f"IT.{secrets.token_hex(8)}")
    name: str = field(default_factory=lambda: f"Anna {secrets.token_hex(6)}")
    word: str = field(default_factory=lambda: f"segreto-{secrets.token_hex(6)}")

    @property
    def wa_id(self) -> str:
        return self.phone.removeprefix("+")

    def says(self, kind: str, content: Any, *, shows: str = "phone", **more: Any) -> str:
        """One webhook; the message's id. ``shows``: phone, user_id or both."""
        value = self._said(kind, content, shows, more)
        arrive(self.sender, **value)
        return str(value["messages"][0]["id"])

    def _said(self, kind: str, content: Any, shows: str, more: dict[str, Any]) -> dict[str, Any]:
        message_id = wamid(self.phone)
        who: dict[str, Any] = {"profile": {"name": self.name}}
        message: dict[str, Any] = {
            "id": message_id,
            "timestamp": str(int(time.time()) + next(_numbers)),  # one after the other
            "type": kind,
            kind: content,
            **more,
        }
        if shows != "user_id":
            who["wa_id"] = message["from"] = self.wa_id
        if shows != "phone":
            who["user_id"] = message["from_user_id"] = self.user_id
        return {"contacts": [who], "messages": [message]}

    def waits(self, text: str, *, shows: str = "phone") -> Journal:
        """A webhook that has come, and that nobody has read yet."""
        return store(self.sender, **self._said("text", {"body": text}, shows, {}))

    def text(self, text: str, **more: Any) -> str:
        return self.says("text", {"body": text}, **more)

    def receipt(self, delivery: Delivery, status: str, **more: Any) -> dict[str, Any]:
        return {
            "id": _given.get(delivery.pk) or wamid(self.phone),
            "status": status,
            "timestamp": str(int(time.time())),
            "recipient_id": self.wa_id,
            "biz_opaque_callback_data": str(delivery.pk),
            **more,
        }


def arrive(sender: Sender, **value: Any) -> Journal:
    """A webhook, stored and read."""
    row = store(sender, **value)
    read_all()
    return row


def store(sender: Sender, *, field: str = "messages", **value: Any) -> Journal:
    return journal(sender, webhook(field, **value))


def mailing_to_all(sender: Sender) -> Fanout:
    """To everybody on the list."""
    return mailing(sender, Recipients(sender.pk, Purpose.ALERT).addresses())


def accepted(delivery: Delivery, phone: str, state: int = DeliveryState.ACCEPTED, **more: Any) -> None:
    """As the dispatcher writes it: with the platform's id of the message, which holds the number."""
    move = Move(delivery.pk, state=int(state), accepted_at=timezone.now(), **more)
    _given[delivery.pk] = wamid(phone)
    move.identify(_given[delivery.pk], keep=delivery.fanout_id is None)
    with connection.cursor() as cursor:
        cursor.execute(statement("move"), parameters(delivery.sender_id, [move]))


def given(delivery: Delivery) -> str:
    """The platform's id of what was ``accepted``."""
    return _given[delivery.pk]


def of(citizen: Citizen, fanout: Fanout) -> Delivery:
    hashes = [phone_hash("whatsapp", citizen.phone), user_hash("whatsapp", citizen.user_id)]
    return fanout.deliveries.get(address_hash__in=hashes)


def every_kind(citizen: Citizen, by: Person) -> None:
    """Join, leave, ask, be answered, quote, react, send a photo, get mailings, reply, show number and user id, be refused."""
    sender = citizen.sender
    citizen.text("ISCRIVIMI")
    citizen.text("CANCELLAMI")
    citizen.text("ISCRIVIMI", shows="user_id")  # as somebody who shows no number
    citizen.text("ISCRIVIMI")
    citizen.text("ISCRIVIMI", shows="both")  # and turns out to be the same person
    question = citizen.text(f"Quando apre l’anagrafe? {citizen.word}")
    citizen.text(f"Ripeto: {citizen.word}", context={"id": question})
    conversation = Conversation.objects.get(
        state="open", identity__phone_hash=phone_hash("whatsapp", citizen.phone)
    )
    quoted = Message.objects.filter(conversation=conversation).latest("pk")
    [said] = replying.reply(
        conversation, by=by, text=f"Alle nove. {citizen.word}", reply_to=quoted, key=secrets.token_hex(4)
    )
    answer = said.delivery
    assert answer is not None
    accepted(answer, citizen.phone)
    arrive(sender, statuses=[citizen.receipt(answer, "delivered"), citizen.receipt(answer, "read")])
    citizen.says("reaction", {"message_id": question, "emoji": "👍"})
    pictured = citizen.says("image", {"id": "media-1", "mime_type": "image/jpeg", "caption": citizen.word})
    attachment = Attachment.objects.latest("pk")
    keep(attachment, picture() + citizen.word.encode(), "image/jpeg")
    citizen.says("document", {"id": "media-2", "filename": f"{citizen.word}.pdf"}, context={"id": pictured})
    citizen.says("location", {"latitude": 43.1, "longitude": 13.2, "name": citizen.word})
    _moods(citizen, question)
    _mailings(citizen)


def _moods(citizen: Citizen, question: str) -> None:
    """What they said is edited and taken back, comes before what it is about, is read by another responder, and is handed back."""
    citizen.says(
        "edit", {"original_message_id": question, "message": {"text": {"body": f"Chiude? {citizen.word}"}}}
    )
    early = wamid(citizen.phone)
    citizen.says("reaction", {"message_id": early, "emoji": "🙏"})
    citizen.text(f"Come dicevo {citizen.word}", context={"id": early})
    citizen.says(
        "edit", {"original_message_id": wamid(citizen.phone), "message": {"text": {"body": citizen.word}}}
    )
    gone = citizen.text(f"Scusate {citizen.word}")
    citizen.says("revoke", {"original_message_id": gone})
    handover = {"wa_id": citizen.wa_id}
    for kind in ("control_taken", "control_passed"):
        moved = [{"type": kind, "timestamp": str(int(time.time()) + next(_numbers)), **handover}]
        arrive(citizen.sender, field="messaging_handovers", messaging_handovers=moved)


def _mailings(citizen: Citizen) -> None:
    """Read and answered; refused; perhaps sent; still waiting; refused for good by the person."""
    sender = citizen.sender
    read = of(citizen, mailing_to_all(sender))
    accepted(read, citizen.phone)
    arrive(sender, statuses=[citizen.receipt(read, status) for status in ("sent", "delivered", "read")])
    citizen.text(f"Grazie dell’avviso {citizen.word}", context={"id": wamid(citizen.phone)})
    failed = of(citizen, mailing_to_all(sender))
    accepted(failed, citizen.phone)
    error = {
        "code": 131026,
        "title": f"Message undeliverable to {citizen.wa_id}",
        "message": f"Not {citizen.phone}",
    }
    arrive(sender, statuses=[citizen.receipt(failed, "failed", errors=[error])])
    uncertain = of(citizen, mailing_to_all(sender))
    Outbox.objects.filter(delivery=uncertain).update(
        state=OutboxState.CLAIMED, claim_epoch=1, claimed_at=timezone.now()
    )
    with connection.cursor() as cursor:
        moves = parameters(sender.pk, [Move(uncertain.pk, state=int(DeliveryState.UNCERTAIN))])
        cursor.execute(statement("move"), moves)
    lost = of(citizen, mailing_to_all(sender))
    lose(Delivery.objects.filter(pk=lost.pk))  # nobody knows; it goes again, a copy of it is known
    outbox.retry(Delivery.objects.get(pk=lost.pk))
    accepted(lost, citizen.phone)
    arrive(sender, statuses=[citizen.receipt(lost, "sent", id=wamid(citizen.phone))])
    mailing_to_all(sender)  # waits
    opted_out = of(citizen, mailing_to_all(sender))
    accepted(opted_out, citizen.phone)
    error = {"code": 131050, "title": "User has stopped marketing messages"}
    arrive(sender, statuses=[citizen.receipt(opted_out, "failed", errors=[error])])


def change_number(citizen: Citizen, to: str = "") -> None:
    """They tell the platform; what was sent to the old number stays theirs."""
    new = to or random_phone()
    system = {"type": "user_changed_number", "body": "…", "wa_id": new.removeprefix("+")}
    citizen.says("system", system)
    citizen.phone = new


def change_user_id(citizen: Citizen, to: str) -> None:
    system = {"type": "user_changed_user_id", "body": "…", "user_id": to}
    citizen.says("system", system, shows="user_id")
    citizen.user_id = to
