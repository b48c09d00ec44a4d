# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes stand in the thread in their time, on the citizen, and among the mentions of who is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.console import personal_data
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery
from arengo.desk import following, handling
from arengo.desk.models import Assignment, Conversation, Message
from arengo.desk.notes import shown, verbs
from arengo.desk.notes.models import Mention, Note
from tests.desk.road import Writes, page_of
from tests.factories.audience import citizen
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
MENTIONS = "/console/sportello/menzioni/"


def test_a_note_is_seen_by_colleagues_and_never_sent(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    browse(olga).post(f"{page_of(conversation)}nota/", {"note": "Manca la <firma>."})
    page = browse(bea).get(page_of(conversation)).content.decode()
    assert "Nota interna di Olga Esempio" in page
    assert "il cittadino non la vede" in page
    assert "Manca la &lt;firma&gt;." in page
    assert not Delivery.objects.exists()
    assert AuditEntry.objects.get(verb="desk.noted").person == olga


def test_notes_stand_between_the_messages_of_their_time(
    write: Writes, conversation: Conversation, anna: Identity, olga: Person, browse: Browse
) -> None:
    now = timezone.now()
    Message.objects.update(sent_at=now - timedelta(hours=3))
    verbs.write(conversation, text="In mezzo", by=olga, at=now - timedelta(hours=2))
    write(said(anna, "E domani?", sent_at=now - timedelta(hours=1)))
    verbs.write(conversation, text="In fondo", by=olga)
    page = browse(olga).get(page_of(conversation)).content.decode()
    thread = page[page.index('id="messages"') :]
    places = [thread.index(words) for words in ("A che ora apre", "In mezzo", "E domani?", "In fondo")]
    assert places == sorted(places)


def test_who_is_named_finds_it_among_the_mentions_until_it_is_seen(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    verbs.write(conversation, text="@Bea la firma manca, @Olga lo sa", by=olga)
    assert [mention.person for mention in Mention.objects.all()] == [bea]
    page = browse(bea).get(MENTIONS).content.decode()
    assert "Olga Esempio ti ha nominato" in page
    assert "la firma manca" in page
    assert "1<span" in page.split('id="header-links"')[1]
    assert "Segna le menzioni come lette" in browse(bea).get(page_of(conversation)).content.decode()
    assert shown.unseen(bea) == 1  # reading a page changes nothing
    browse(bea).post(f"{page_of(conversation)}menzioni-viste/")
    assert shown.unseen(bea) == 0
    assert shown.unseen(olga) == 0


def test_a_double_click_writes_one_note(conversation: Conversation, olga: Person, browse: Browse) -> None:
    for _click in range(2):
        browse(olga).post(f"{page_of(conversation)}nota/", {"note": "Una volta"})
    assert Note.objects.count() == 1


def test_a_refused_note_gives_its_words_back(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    answer = browse(olga).post(f"{page_of(conversation)}nota/", {"note": "y" * 4001})
    assert answer.status_code == 422
    assert "y" * 4001 in answer.content.decode()
    assert "4001 caratteri" in answer.content.decode()
    assert not Note.objects.exists()


def test_a_conversation_is_handed_over_with_its_note(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse
) -> None:
    handling.take(conversation, by=olga)
    client = browse(olga)
    client.post(f"{page_of(conversation)}passa/", {"person": bea.pk, "note": ""})
    assert Assignment.objects.count() == 1  # both or neither
    client.post(f"{page_of(conversation)}passa/", {"person": bea.pk, "note": "Aspetta il modulo"})
    conversation.refresh_from_db()
    note = Note.objects.get()
    assert (conversation.assignee, note.kind, note.text) == (bea, "handover", "Aspetta il modulo")
    assert shown.unseen(bea) == 1
    assert "Passaggio di Olga Esempio" in browse(bea).get(page_of(conversation)).content.decode()


def test_a_stranger_is_nobodys_colleague(
    conversation: Conversation, olga: Person, carlo: Person, browse: Browse
) -> None:
    answer = browse(olga).post(f"{page_of(conversation)}passa/", {"person": carlo.pk, "note": "x"})
    assert answer.status_code == 404


def test_notes_on_the_person_stand_beside_all_their_conversations(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    client = browse(olga)
    client.post(f"{page_of(conversation)}nota-sulla-persona/", {"note": "Referente dei genitori"})
    now = timezone.localtime()
    call = {"kind": "call", "day": f"{now:%Y-%m-%d}", "clock": "00:00", "text": "Ha chiesto del nido"}
    assert client.post(f"{page_of(conversation)}contatto/", call).status_code == 302
    page = client.get(page_of(conversation)).content.decode()
    pane = page[page.index('id="citizen"') :]
    assert "Referente dei genitori" in pane
    assert "Telefonata" in pane
    assert "Ha chiesto del nido" in pane
    assert "Referente dei genitori" not in page[: page.index('id="citizen"')]


def test_a_call_that_has_yet_to_come_keeps_its_words(
    conversation: Conversation, olga: Person, browse: Browse
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    call = {"kind": "visit", "day": f"{tomorrow:%Y-%m-%d}", "clock": "10:00", "text": "Le mie parole"}
    answer = browse(olga).post(f"{page_of(conversation)}contatto/", call)
    assert answer.status_code == 422
    assert "Le mie parole" in answer.content.decode()
    assert not Note.objects.exists()


def test_its_author_removes_a_note_after_a_question(
    conversation: Conversation, olga: Person, bea: Person, alice: Person, browse: Browse
) -> None:
    note = verbs.write(conversation, text="@Bea segreto", by=olga)
    address = f"/console/sportello/note/{note.pk}/togli/"
    assert browse(bea).post(address).status_code == 404
    assert "Togliere la nota?" in browse(olga).get(address).content.decode()
    browse(olga).post(address)
    note.refresh_from_db()
    assert (note.text, shown.unseen(bea)) == ("", 0)
    assert "Nota tolta" in browse(bea).get(page_of(conversation)).content.decode()
    other = verbs.write(conversation, text="Di Olga", by=olga)
    assert browse(alice).post(f"/console/sportello/note/{other.pk}/togli/").status_code == 302


def test_notes_follow_their_citizen(
    write: Writes, conversation: Conversation, anna: Identity, olga: Person, bea: Person
) -> None:
    bruno = citizen("Bruno Esempio")
    write(said(bruno, "Altro"))
    gone = Conversation.objects.exclude(pk=conversation.pk).get()
    verbs.write(gone, text="Di Bruno, @Bea", by=olga, on_person=True)
    following.contacts_merged(anna.contact_id, bruno.contact_id)
    following.conversations_merged(conversation.pk, gone.pk)
    gone.delete()
    note = Note.objects.get()
    assert (note.contact_id, note.conversation_id) == (anna.contact_id, conversation.pk)
    assert "Di Bruno" in str(personal_data.export(anna.contact_id)["notes"])
    personal_data.erase(anna.contact_id)
    assert not Note.objects.exists()
    assert not Mention.objects.exists()
    conversation.refresh_from_db()
    with pytest.raises(verbs.NoteRefused, match="cancellati"):
        verbs.write(conversation, text="Ancora", by=olga)


def test_an_auditor_reads_notes_and_writes_none(
    conversation: Conversation, olga: Person, rita: Person, browse: Browse
) -> None:
    verbs.write(conversation, text="Si legge", by=olga)
    page = browse(rita).get(page_of(conversation)).content.decode()
    assert "Si legge" in page
    assert 'id="note-form"' not in page
    assert browse(rita).post(f"{page_of(conversation)}nota/", {"note": "x"}).status_code == 403


def test_forty_notes_cost_no_more_queries_than_one(
    conversation: Conversation, olga: Person, bea: Person, browse: Browse, scope: Organization
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page_of(conversation))
        return len(queries)

    client = browse(olga)
    verbs.write(conversation, text="@Bea una", by=olga)
    client.get(page_of(conversation))
    one = asked()
    for number in range(39):
        verbs.write(conversation, text=f"@Bea {number}", by=olga)
    assert asked() == one
