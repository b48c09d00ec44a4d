# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Edited and deleted messages in the thread, in whatever order they arrive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk import edits, handling
from arengo.desk.bubbles import preview
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.search.models import SearchEntry
from arengo.platforms.contract import Nature
from tests.desk.moments import at
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import photo_said, said


def edit(who: Identity, text: str, about: str, minutes: float, **fields: object) -> object:
    return said(who, text, nature=Nature.EDIT, about=about, sent_at=at(minutes), **fields)


def deletion(who: Identity, about: str, minutes: float) -> object:
    return said(who, "", kind="unsupported", nature=Nature.DELETION, about=about, sent_at=at(minutes))


def question(who: Identity, text: str = "Domani alle 9?", minutes: float = 0) -> object:
    return said(who, text, message_id="wamid.Q", sent_at=at(minutes))


def thread() -> list[str]:
    return list(Message.objects.order_by("sent_at", "pk").values_list("text", flat=True))


def test_an_edit_shows_the_new_text_and_keeps_the_earlier_ones(write: Writes, anna: Identity) -> None:
    write(question(anna))
    write(edit(anna, "Domani alle 10?", "wamid.Q", 1))
    write(edit(anna, "Domani alle 11?", "wamid.Q", 2))
    message = Message.objects.get()
    assert (message.text, message.edited_at) == ("Domani alle 11?", at(2))
    assert [(v.text, v.at) for v in message.versions.all()] == [
        ("Domani alle 9?", at(0)),
        ("Domani alle 10?", at(1)),
    ]


def test_an_older_edit_that_comes_later_is_only_a_version(write: Writes, anna: Identity) -> None:
    write(question(anna), edit(anna, "terzo", "wamid.Q", 2))
    write(edit(anna, "secondo", "wamid.Q", 1))
    message = Message.objects.get()
    assert message.text == "terzo"
    assert [version.text for version in message.versions.all()] == ["Domani alle 9?", "secondo"]


def test_the_same_edit_twice_changes_nothing_more(write: Writes, anna: Identity) -> None:
    change = edit(anna, "dopo", "wamid.Q", 1)
    write(question(anna), change)
    write(change)
    assert Message.objects.get().versions.count() == 1


def test_an_edit_that_comes_before_its_message_stands_for_it(write: Writes, anna: Identity) -> None:
    write(edit(anna, "Domani alle 10?", "wamid.Q", 1))
    assert thread() == ["Domani alle 10?"]
    conversation = Conversation.objects.get()
    assert (conversation.is_open, conversation.unread, conversation.citizen_wrote_at) == (True, 1, None)
    write(question(anna))
    message = Message.objects.get()
    assert (message.text, message.sent_at, message.awaited) == ("Domani alle 10?", at(0), False)
    assert [version.text for version in message.versions.all()] == ["Domani alle 9?"]
    assert Conversation.objects.get().citizen_wrote_at == at(0)


def test_the_file_of_a_message_known_by_its_edit_is_brought_over(write: Writes, anna: Identity) -> None:
    write(edit(anna, "La buca in via Roma", "wamid.P", 1, kind="image"))
    photo = photo_said(anna, "La buca", sent_at=at(0))
    write(said(anna, "La buca", message_id="wamid.P", kind="image", media=photo.message.media, sent_at=at(0)))
    message = Message.objects.get()
    assert (message.kind, message.text) == ("image", "La buca in via Roma")
    assert Attachment.objects.get().message_id == message.pk


@pytest.mark.parametrize("first", ["question", "deletion"])
def test_the_words_of_a_deleted_message_are_its_versions_in_whatever_order(
    write: Writes, anna: Identity, first: str
) -> None:
    write(said(anna, "Salve", sent_at=at(-5)))
    both = [question(anna), deletion(anna, "wamid.Q", 1)]
    for event in both if first == "question" else reversed(both):
        write(event)
    message = Message.objects.exclude(text="Salve").get()
    assert (message.text, message.deleted_at) == ("", at(1))
    assert [(version.text, version.at) for version in message.versions.all()] == [("Domani alle 9?", at(0))]
    write(edit(anna, "di nuovo", "wamid.Q", 2))
    message.refresh_from_db()
    assert message.text == ""


def test_a_deletion_keeps_all_that_was_said_and_takes_the_file(write: Writes, anna: Identity) -> None:
    photo = photo_said(anna, "La buca", sent_at=at(0))
    write(photo, edit(anna, "La buca!", photo.message.message_id, 40))
    write(deletion(anna, photo.message.message_id, 41))
    message = Message.objects.get()
    assert [version.text for version in message.versions.all()] == ["La buca", "La buca!"]
    assert Attachment.objects.count() == 0


def test_a_photo_that_comes_after_its_deletion_is_named_and_not_fetched(
    write: Writes, anna: Identity
) -> None:
    photo = photo_said(anna, "La buca", sent_at=at(0))
    write(said(anna, "Salve", sent_at=at(-5)))
    write(deletion(anna, photo.message.message_id, 41))
    write(photo)
    message = Message.objects.exclude(text="Salve").get()
    assert (message.kind, message.text, message.content) == ("image", "", "")
    assert Attachment.objects.count() == 0


def test_what_was_deleted_is_found_by_no_search_and_told_in_no_list(write: Writes, anna: Identity) -> None:
    write(question(anna, "Il mio IBAN è lungo"), deletion(anna, "wamid.Q", 1))
    assert preview(Message.objects.get()) == "Messaggio eliminato dal cittadino"
    assert not SearchEntry.objects.filter(kind="message").exists()


def test_a_deletion_of_something_that_nobody_knows_makes_no_conversation(
    write: Writes, anna: Identity
) -> None:
    write(deletion(anna, "wamid.Z", 1))
    assert Conversation.objects.count() == 0


def test_who_takes_everything_back_waits_for_nothing(write: Writes, anna: Identity) -> None:
    write(question(anna), said(anna, "e anche", message_id="wamid.R", sent_at=at(1)))
    write(deletion(anna, "wamid.Q", 2))
    assert Conversation.objects.get().waiting_since is not None
    write(deletion(anna, "wamid.R", 3))
    conversation = Conversation.objects.get()
    assert (conversation.waiting_since, conversation.unread) == (None, 0)


def test_an_edit_into_a_command_waits_for_nothing_and_one_out_of_it_does(
    write: Writes, anna: Identity
) -> None:
    write(question(anna))
    write(edit(anna, "CANCELLAMI", "wamid.Q", 1, command="leave"))
    assert Conversation.objects.get().waiting_since is None
    write(edit(anna, "Anzi no, una domanda", "wamid.Q", 2))
    conversation = Conversation.objects.get()
    assert (conversation.waiting_since, conversation.unread) == (at(2), 1)


def test_an_edit_of_what_was_answered_waits_again(
    write: Writes, anna: Identity, conversation: Conversation, olga: Person
) -> None:
    about = Message.objects.get().platform_message_id
    handling.close(conversation, by=olga)
    write(edit(anna, "Intendevo lunedì", about, 40))
    conversation.refresh_from_db()
    assert (conversation.is_open, conversation.unread) == (True, 1)
    assert conversation.waiting_since is not None


def test_nobody_edits_or_deletes_what_another_said(write: Writes, anna: Identity) -> None:
    write(question(anna))
    bruno = citizen("Bruno")
    write(edit(bruno, "falso", "wamid.Q", 1), deletion(bruno, "wamid.Q", 2))
    message = Message.objects.get(platform_message_hash__isnull=False, text="Domani alle 9?")
    assert (message.edited_at, message.deleted_at) == (None, None)


@pytest.mark.parametrize("deleted", [False, True])
def test_what_another_says_of_a_message_that_has_not_come_yet_does_not_keep_it_away(
    write: Writes, anna: Identity, deleted: bool
) -> None:
    bruno = citizen("Bruno")
    write(edit(bruno, "falso", "wamid.Q", 1))
    if deleted:
        write(deletion(bruno, "wamid.Q", 2))
    write(question(anna))
    message = Message.objects.get(conversation__identity=anna)
    assert (message.text, message.edited_at, message.deleted_at) == ("Domani alle 9?", None, None)
    assert Message.objects.get(conversation__identity=bruno).text == ("" if deleted else "falso")
    write(edit(anna, "Domani alle 10?", "wamid.Q", 3))
    message.refresh_from_db()
    assert message.text == "Domani alle 10?"


def test_an_edit_opens_no_window(write: Writes, anna: Identity) -> None:
    write(question(anna))
    write(edit(anna, "dopo", "wamid.Q", 5))
    assert Conversation.objects.get().citizen_wrote_at == at(0)


def test_a_notice_opens_no_window_and_no_conversation(write: Writes, anna: Identity) -> None:
    write(said(anna, "…", kind="system"))
    assert Conversation.objects.count() == 0
    write(question(anna))
    Conversation.objects.update(unread=0, waiting_since=None)
    write(said(anna, "…", kind="system", sent_at=at(5)))
    conversation = Conversation.objects.get()
    assert (conversation.unread, conversation.waiting_since) == (0, None)
    assert conversation.citizen_wrote_at == at(0)
    assert Message.objects.count() == 2


def test_an_edit_of_which_nothing_is_told_is_a_line_that_somebody_reads(
    write: Writes, anna: Identity
) -> None:
    write(said(anna, "", kind="unsupported", nature=Nature.EDIT))
    assert Conversation.objects.get().unread == 1


def test_the_thread_says_what_was_edited_and_deleted(
    write: Writes, anna: Identity, olga: Person, browse: Callable[..., Client]
) -> None:
    write(question(anna), edit(anna, "Domani alle 10?", "wamid.Q", 1))
    write(said(anna, "segreto", message_id="wamid.S", sent_at=at(2)), deletion(anna, "wamid.S", 3))
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert "Domani alle 10?" in page
    assert "modificato" in page
    assert "Domani alle 9?" in page
    assert "Il cittadino ha eliminato questo messaggio alle" in page
    folded = page.partition("Mostra che cosa c’era scritto")[2]
    assert "segreto" in folded
    assert "segreto" not in page.partition("Mostra che cosa c’era scritto")[0]


def test_a_deleted_photo_says_what_it_was(
    write: Writes, anna: Identity, olga: Person, browse: Callable[..., Client]
) -> None:
    photo = photo_said(anna)
    write(photo, deletion(anna, photo.message.message_id, 24 * 60 + 31))
    page = browse(olga).get(f"/console/sportello/{Conversation.objects.get().pk}/").content.decode()
    assert "C’era: foto" in page
    assert "Il cittadino ha eliminato questo messaggio il" in page
    assert "Mostra che cosa c’era scritto" not in page


def test_versions_have_a_ceiling(
    write: Writes, anna: Identity, olga: Person, browse: Callable[..., Client]
) -> None:
    write(question(anna))
    write(*(edit(anna, f"testo {number}", "wamid.Q", number / 10 + 1) for number in range(40)))
    message = Message.objects.get()
    assert (message.text, message.versions.count()) == ("testo 39", edits.MOST_VERSIONS)
    page = browse(olga).get(f"/console/sportello/{message.conversation_id}/").content.decode()
    assert "Si conservano le prime 20 versioni." in page
