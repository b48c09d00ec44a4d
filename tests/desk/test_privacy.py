# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing, exporting, merging: conversations follow their citizens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from arengo.audience.events import IdentitiesMerged
from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, Sender
from arengo.desk import privacy, replying
from arengo.desk.models import Attachment, Conversation, Message
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import photo_said, said
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db


def erase(identity: Identity) -> None:
    privacy.erase(identity.contact_id)


def test_erased_words_and_files_are_gone_and_a_neutral_line_stays(
    write: Writes, anna: Identity, olga: Person, django_capture_on_commit_callbacks: object
) -> None:
    write(said(anna, "Il mio segreto"), photo_said(anna, "La mia casa"))
    attachment = Attachment.objects.get()
    attachment.file.save("", ContentFile(picture()))
    place = Path(attachment.file.path)
    conversation = Conversation.objects.get()
    replying.reply(conversation, by=olga, text="Cara Anna", key="k")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's own
        erase(anna)
    messages = Message.objects.all()
    assert [message.text for message in messages] == ["", "", ""]
    assert all(message.erased_at for message in messages)
    assert not Attachment.objects.exists()
    assert not place.exists()
    conversation.refresh_from_db()
    assert (conversation.identity, conversation.state, conversation.unread) == (None, "closed", 0)


def test_what_waits_for_an_erased_citizen_is_not_sent_any_more(
    write: Writes, anna: Identity, olga: Person
) -> None:
    write(said(anna))
    replying.reply(Conversation.objects.get(), by=olga, text="Cara Anna", key="k")
    erase(anna)
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.CANCELLED
    assert (bytes(delivery.address_sealed), delivery.outgoing_sealed) == (b"", None)


def test_erasing_one_leaves_the_others(write: Writes, anna: Identity) -> None:
    bruno = citizen("Bruno Esempio")
    write(said(anna, "uno"), said(bruno, "due"))
    erase(anna)
    assert Message.objects.exclude(text="").get().text == "due"


def test_an_export_holds_what_was_said(write: Writes, anna: Identity, olga: Person) -> None:
    write(said(anna, "A che ora aprite?"))
    replying.reply(Conversation.objects.get(), by=olga, text="Alle 9.", key="k")
    exported = json.loads(json.dumps(privacy.export(anna.contact_id)))["conversations"]
    assert [(line["from"], line["text"]) for line in exported] == [
        ("citizen", "A che ora aprite?"),
        ("organization", "Alle 9."),
    ]


def test_two_who_are_one_keep_one_open_conversation(
    write: Writes, anna: Identity, scope: Organization, sender: Sender
) -> None:
    hidden = citizen("", user_id="IT.ANNA")
    write(said(anna, "prima"))
    write(said(hidden, "seconda"))
    merged = IdentitiesMerged(anna.contact_id, anna.pk, hidden.contact_id, hidden.pk)
    privacy.identities_merged(Batch(scope.pk, sender.pk, [merged]))
    conversation = Conversation.objects.get()
    assert conversation.identity == anna
    assert [message.text for message in conversation.messages.order_by("pk")] == ["prima", "seconda"]
    assert conversation.unread == 2
    assert conversation.last_message is not None
    assert conversation.last_message.text == "seconda"


def test_closed_conversations_follow_too(
    write: Writes, anna: Identity, scope: Organization, sender: Sender
) -> None:
    hidden = citizen("", user_id="IT.ANNA")
    write(said(hidden, "ISCRIVIMI", command="join"))
    merged = IdentitiesMerged(anna.contact_id, anna.pk, hidden.contact_id, hidden.pk)
    privacy.identities_merged(Batch(scope.pk, sender.pk, [merged]))
    moved = Conversation.objects.get()
    assert (moved.identity, moved.contact) == (anna, anna.contact)
