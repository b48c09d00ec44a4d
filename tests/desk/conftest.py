# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk's tests share: citizens who write, and what was put on the road to them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Contact, Identity, phone_hash, user_hash
from arengo.core import automatic
from arengo.core.events import Batch
from arengo.core.models import Organization, Person, Role
from arengo.core.vault import vault
from arengo.delivery import outbox
from arengo.delivery.models import Delivery, DeliveryState, Fanout, MessageTemplate, Sender, Urgency
from arengo.delivery.templates.components import components_of
from arengo.desk import answering, arrivals
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.reopening_template import REOPEN
from arengo.newsroom.models import Item, Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.platforms.contract import IncomingMedia, MessageReceived, Outgoing, Template
from tests.browser_kit import chromium, visit
from tests.conftest import member
from tests.deliveries import accepted_as, decide

__all__ = ["chromium", "visit"]  # fixtures of the browser tests

_numbers = count(1)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def bea(esempio: Organization) -> Person:
    """The second operator."""
    return member(esempio, "bea@esempio.test", "Bea Esempio", Role.OPERATOR)


@pytest.fixture
def rita(esempio: Organization) -> Person:
    """The auditor: reads, never writes."""
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


def citizen(name: str = "Anna Esempio", *, phone: str | None = None, user_id: str | None = None) -> Identity:
    """A citizen of the scope's organization; a phone of their own unless they show none."""
    if phone is None and user_id is None:
        phone = f"+3933300{next(_numbers):05d}"
    return Identity.objects.create(
        contact=Contact.objects.create(name=name),
        platform="whatsapp",
        phone_sealed=vault().seal_text(phone, purpose="phone") if phone else None,
        phone_hash=phone_hash("whatsapp", phone) if phone else None,
        user_id_sealed=vault().seal_text(user_id, purpose="user_id") if user_id else None,
        user_id_hash=user_hash("whatsapp", user_id) if user_id else None,
    )


@pytest.fixture
def anna(scope: Organization) -> Identity:
    return citizen("Anna Esempio", phone="+393330000041")


def said(identity: Identity, text: str = "Buongiorno", *, command: str = "", **fields: Any) -> CitizenWrote:
    return CitizenWrote(
        contact_id=identity.contact_id,
        identity_id=identity.pk,
        command=command,
        message=MessageReceived(
            **{
                "message_id": f"wamid.in.{next(_numbers)}",
                "sent_at": timezone.now(),
                "address": identity.address,
                "kind": "text",
                "text": text,
                **fields,
            }
        ),
    )


def photo_said(identity: Identity, text: str = "") -> CitizenWrote:
    media = IncomingMedia(media_id="media-1", mime_type="image/jpeg")
    return said(identity, text, kind="image", media=media)


Writes = Callable[..., None]


@pytest.fixture
def write(scope: Organization, sender: Sender) -> Writes:
    """``write(said(anna, "…"), …)``: one batch from the audience."""

    def arrive(*events: CitizenWrote) -> None:
        with transaction.atomic():  # the reader's
            arrivals.citizen_wrote(Batch(scope.pk, sender.pk, events))

    return arrive


@pytest.fixture
def answer_by_itself(scope: Organization, sender: Sender) -> Writes:
    """``answer_by_itself(ReplyWanted(…), …)``: one batch, where everything is switched on."""
    automatic.switch([kind.name for kind in automatic.kinds()], on=True)

    def arrive(*events: ReplyWanted) -> None:
        with transaction.atomic():
            answering.reply_wanted(Batch(scope.pk, sender.pk, events))

    return arrive


@pytest.fixture
def conversation(write: Writes, anna: Identity) -> Iterator[Conversation]:
    """Anna asked and waits."""
    write(said(anna, "A che ora apre l'anagrafe?"))
    return Conversation.objects.get()


def approve(scope: Organization, sender: Sender, **changes: Any) -> MessageTemplate:
    template: MessageTemplate = MessageTemplate.objects.create(
        **{
            "sender": sender,
            "template_id": "1",
            "name": REOPEN.name,
            "language": "it",
            "category": "UTILITY",
            "status": "APPROVED",
            "parameter_format": "named",
            "components": components_of(REOPEN, scope),
            **changes,
        }
    )
    return template


@pytest.fixture
def shut(scope: Organization, sender: Sender, conversation: Conversation) -> Conversation:
    """Anna asked 30 hours ago; the message with which she can be asked to write again is approved."""
    approve(scope, sender)
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=30))
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def update(scope: Organization, sender: Sender, anna: Identity, edo: Person) -> Update:
    """The fair, sent to Anna and a neighbour; the platform calls Anna's copy «wamid.fair»."""
    fanout = outbox.open_fanout(
        sender, Template("avviso", "it"), urgency=Urgency.NEWS, price_category="marketing", topic="update:1"
    )
    outbox.fill(fanout, [anna.address, citizen("Bruno Esempio").address])
    outbox.close_fanout(fanout)
    decide(fanout.deliveries.all(), DeliveryState.ACCEPTED)
    update = Update.objects.create(
        title="Sagra della porchetta", state=Update.State.PUBLISHED, author=edo, edited_by=edo,
        edited_at=timezone.now(), sent_at=timezone.now(), sender=sender,
    )  # fmt: skip
    Item.objects.create(
        update=update, position=1, text="Sabato in piazza", url="https://www.example.it/sagra"
    )
    Placement.objects.create(update=update, outlet=LIST, reference=str(fanout.pk), state=Placement.State.DONE)
    return update


def named(fanout: Fanout, anna: Identity) -> None:
    hashed = vault().lookup_on(*anna.address.key(anna.platform))
    accepted_as(Delivery.objects.filter(fanout=fanout, address_hash=hashed), "wamid.fair")


def sent(message: Message | None = None) -> Outgoing:
    """What goes to the platform: of this message, else of the only one in the outbox."""
    delivery = message.delivery if message else Delivery.objects.get()
    assert delivery is not None
    sealed = vault().open(delivery.outgoing_sealed, purpose="outgoing")
    return msgspec.json.decode(sealed, type=Outgoing)  # type: ignore[arg-type]  # a union of structs is a type to msgspec


def jobs(name: str) -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("id")]


def picture(size: tuple[int, int] = (64, 48), form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


DESK = "/console/sportello/"


def page_of(conversation: Conversation) -> str:
    return f"{DESK}{conversation.pk}/"


@pytest.fixture
def photo(write: Writes, anna: Identity) -> Attachment:
    """What Anna sent, as it arrives."""
    write(photo_said(anna, "La buca"))
    return Attachment.objects.get()
