# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages lose their words after their time, files and notes go after theirs; that something was said stays."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.audience.retention import verbs as holds
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.desk.asking.models import Asked
from arengo.desk.models import Attachment, Conversation, Message, Version
from arengo.desk.notes import verbs as notes
from arengo.desk.notes.models import Note
from tests.desk.road import Writes
from tests.factories.desk import said
from tests.factories.retention import night

pytestmark = pytest.mark.django_db(transaction=True)


def aged(days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    Message.objects.update(sent_at=then)
    Attachment.objects.update(created_at=then)
    Note.objects.update(at=then)


def pdf(message: Message) -> Attachment:
    attachment: Attachment = Attachment.objects.create(
        message=message,
        state="ready",
        file=ContentFile(b"%PDF-1.7 prova", "x"),
        size=14,
        mime_type="application/pdf",
        filename="modulo.pdf",
    )
    return attachment


def test_after_a_year_the_words_go_and_that_something_was_said_stays(
    conversation: Conversation, esempio: Organization
) -> None:
    message = conversation.messages.get()
    Version.objects.create(message=message, text="A che ora?", at=timezone.now())
    Asked.objects.create(message=message, kind=Asked.Kind.BUTTONS)
    path = Path(pdf(message).file.path)
    aged(364)
    assert night(esempio, "desk.messages") == 0
    aged(366)
    assert night(esempio, "desk.messages") == 1
    message.refresh_from_db()
    assert (message.text, message.platform_message_sealed, message.direction) == ("", None, "in")
    assert message.erased_at is not None
    assert not Version.objects.exists()
    assert not Asked.objects.exists()
    assert not Attachment.objects.exists()
    assert not path.exists()
    assert night(esempio, "desk.messages") == 0


def test_after_ninety_days_a_file_leaves_the_disk_and_the_message_says_so(
    conversation: Conversation, esempio: Organization, alice: Person, browse: Callable[..., Client]
) -> None:
    attachment = pdf(conversation.messages.get())
    path = Path(attachment.file.path)
    aged(89)
    assert night(esempio, "desk.files") == 0
    assert path.exists()
    aged(91)
    assert night(esempio, "desk.files") == 1
    assert not path.exists()
    attachment.refresh_from_db()
    assert (attachment.file.name, attachment.filename, attachment.state) == ("", "", "gone")
    page = browse(alice).get(f"/console/sportello/{conversation.pk}/").text
    assert "Il file è stato cancellato: è finito il tempo per cui si conserva." in page
    assert "A che ora apre" in page
    assert f"/allegati/{attachment.pk}/" not in page
    assert night(esempio, "desk.files") == 0


def test_a_file_that_is_on_its_way_is_left_alone(conversation: Conversation, esempio: Organization) -> None:
    attachment = pdf(conversation.messages.get())
    Attachment.objects.update(state="pending")
    aged(91)
    assert night(esempio, "desk.files") == 0
    attachment.refresh_from_db()
    assert attachment.file


def test_the_screen_says_why_the_words_are_gone(
    conversation: Conversation, esempio: Organization, alice: Person, browse: Callable[..., Client]
) -> None:
    aged(366)
    night(esempio, "desk.messages")
    page = browse(alice).get(f"/console/sportello/{conversation.pk}/").text
    assert "Testo cancellato: è finito il tempo per cui si conserva" in page


def test_notes_of_a_conversation_go_and_those_on_the_person_stay(
    conversation: Conversation, esempio: Organization, alice: Person
) -> None:
    notes.write(conversation, text="Manca la firma", by=alice)
    notes.write(conversation, text="Referente dei genitori", by=alice, on_person=True)
    aged(366)
    assert night(esempio, "desk.notes") == 1
    assert Note.objects.get().text == "Referente dei genitori"


def test_files_and_notes_of_who_is_held_stay(
    conversation: Conversation, esempio: Organization, alice: Person
) -> None:
    pdf(conversation.messages.get())
    notes.write(conversation, text="Manca la firma", by=alice)
    aged(400)
    hold = holds.place(conversation.contact, "Causa 4417/2026", None, by=alice)
    for name in ("desk.files", "desk.notes", "desk.messages"):
        assert night(esempio, name) == 0
    holds.release(hold, by=alice)
    for name in ("desk.files", "desk.notes", "desk.messages"):
        assert night(esempio, name) == 1


def test_another_organizations_messages_are_not_ours_to_forget(
    conversation: Conversation, altrove: Organization
) -> None:
    aged(800)
    assert night(altrove, "desk.messages") == 0
    assert conversation.messages.get().text


def test_a_message_that_somebody_has_in_hand_waits_for_the_next_night(
    conversation: Conversation, write: Writes, anna: Identity, esempio: Organization
) -> None:
    """Two nights at once, or a screen that writes: locked rows are passed over."""
    write(said(anna, "E domani?"))
    aged(366)
    first = conversation.messages.earliest("pk")
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with organization_scope(esempio), transaction.atomic():
            Message.objects.select_for_update().get(pk=first.pk)
            locked.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert locked.wait(10)
    try:
        assert night(esempio, "desk.messages") == 1
    finally:
        done.set()
        other.join(10)
    assert night(esempio, "desk.messages") == 1
