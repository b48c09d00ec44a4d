# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens who write, the conversations that come of it, and an update that they may answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from arengo.audience.events import CitizenWrote, ReplyWanted
from arengo.audience.models import Identity
from arengo.core import automatic
from arengo.core.events import Batch
from arengo.core.models import Organization, Person, Role
from arengo.delivery.models import DeliveryState, Sender
from arengo.desk import answering, arrivals, replying
from arengo.desk.blocks.rules import Rule
from arengo.desk.models import Attachment, Conversation, Desk, Message
from arengo.newsroom.models import Item, Update
from tests.desk import moments
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.core import member
from tests.factories.delivery import decide, mailing
from tests.factories.desk import approve, photo_said, said, upload
from tests.factories.hours import write_office
from tests.factories.house_rules import publish_rules, write_ways
from tests.factories.newsroom import sent_update
from tests.support.browser_kit import chromium, visit

__all__ = ["chromium", "visit"]  # fixtures of the browser tests


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _moments() -> None:
    moments.begin()


@pytest.fixture
def bea(esempio: Organization) -> Person:
    """The second operator."""
    return member(esempio, "bea@esempio.test", "Bea Esempio", Role.OPERATOR)


@pytest.fixture
def rita(esempio: Organization) -> Person:
    """The auditor: reads, never writes."""
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


@pytest.fixture
def urp(scope: Organization) -> Desk:
    """A desk with Ancona's hours."""
    desk: Desk = Desk.objects.create(name="URP", slug="urp")
    write_office(desk)
    return desk


@pytest.fixture
def anna(scope: Organization) -> Identity:
    return citizen("Anna Esempio", phone="+393330000041")


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
    fanout = mailing(sender, [anna.address, citizen("Bruno Esempio").address], price_category="marketing")
    decide(fanout.deliveries.all(), DeliveryState.ACCEPTED)
    update = sent_update(fanout, "Sagra della porchetta", edo, sender=sender)
    Item.objects.create(
        update=update, position=1, text="Sabato in piazza", url="https://www.example.it/sagra"
    )
    return update


@pytest.fixture
def photo(write: Writes, anna: Identity) -> Attachment:
    """What Anna sent, as it arrives."""
    write(photo_said(anna, "La buca"))
    return Attachment.objects.get()


@pytest.fixture
def our_document(conversation: Conversation, olga: Person) -> Message:
    """Olga answers with a form, which waits to be handed over."""
    [message] = replying.reply(
        conversation, by=olga, text="Il modulo", files=[upload("modulo.pdf", b"%PDF-1.7")], key="k"
    )
    return message


@pytest.fixture
def rule(scope: Organization) -> Rule:
    """House rules in force, and what a blocked citizen is told."""
    write_ways()
    return publish_rules(scope)
