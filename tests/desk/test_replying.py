# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operators answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.lengths import length
from arengo.core.models import Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk import handling, replying
from arengo.desk.bubbles import bubbles
from arengo.desk.handling import ConversationClosed, TakenByAnother
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.window import window
from arengo.platforms.contract import Media, Reaction, Text
from arengo.platforms.registry import platform
from tests.desk.listing import waiting
from tests.desk.road import Writes, jobs, sent
from tests.factories.delivery import decide
from tests.factories.desk import said, upload
from tests.factories.pictures import picture

pytestmark = pytest.mark.django_db


def test_an_answer_is_on_screen_and_on_the_road(conversation: Conversation, olga: Person) -> None:
    [message] = replying.reply(conversation, by=olga, text=" Alle 9.\r\nA presto ", key="k")
    assert (message.text, message.author) == ("Alle 9.\nA presto", olga)
    assert sent(message) == Text("Alle 9.\nA presto")
    assert message.delivery is not None
    assert message.delivery.topic == f"conversation:{conversation.pk}"


def test_who_was_answered_waits_no_more_and_the_answerer_has_it(
    conversation: Conversation, olga: Person
) -> None:
    replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.assignee == olga
    assert waiting() == 0


def test_a_double_click_sends_once(conversation: Conversation, olga: Person) -> None:
    first = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    second = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    assert first == second
    assert Delivery.objects.count() == 1


def test_the_same_words_with_another_key_are_another_answer(conversation: Conversation, olga: Person) -> None:
    replying.reply(conversation, by=olga, text="Sì", key="a")
    replying.reply(conversation, by=olga, text="Sì", key="b")
    assert Delivery.objects.count() == 2


def test_the_longest_text_goes_and_one_more_character_is_refused_with_a_count(
    conversation: Conversation, olga: Person
) -> None:
    replying.reply(conversation, by=olga, text="x" * 4096, key="a")
    with pytest.raises(replying.ReplyRefused, match=r"4\.097.*4\.096, 1 di troppo"):
        replying.reply(conversation, by=olga, text="x" * 4097, key="b")
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize("sample", ["😀", "🇮🇹", "👨‍👩‍👧", "é", "ب"])
def test_a_text_is_counted_as_the_platform_counts_it_before_it_leaves(
    conversation: Conversation, olga: Person, sample: str
) -> None:
    times = 4096 // length(sample)
    [message] = replying.reply(conversation, by=olga, text=sample * times, key="a")
    assert message.delivery is not None
    with pytest.raises(replying.ReplyRefused, match="di troppo"):
        replying.reply(conversation, by=olga, text=sample * (times + 1), key="b")


@pytest.mark.parametrize("sample", ["😀", "🇮🇹", "👨‍👩‍👧", "é", "ب", "a"])
def test_a_caption_that_is_too_long_for_a_file_goes_as_a_text_before_it(
    conversation: Conversation, olga: Person, sample: str
) -> None:
    times = 1024 // length(sample)
    photo = upload("a.jpg", picture())
    [both] = replying.reply(conversation, by=olga, text=sample * times, files=[photo], key="a")
    assert platform("whatsapp").problems(Media("image", "1", caption=both.text)) == []
    photo.seek(0)
    words, file = replying.reply(conversation, by=olga, text=sample * (times + 1), files=[photo], key="b")
    assert (words.kind, words.text, file.kind, file.text) == ("text", sample * (times + 1), "image", "")


def test_an_empty_answer_is_refused(conversation: Conversation, olga: Person) -> None:
    with pytest.raises(replying.ReplyRefused):
        replying.reply(conversation, by=olga, text="  \n ", key="k")


def test_the_window_is_open_for_24_hours(conversation: Conversation, olga: Person) -> None:
    left = window(conversation)
    assert left is not None
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=24))
    conversation.refresh_from_db()
    assert window(conversation) is None
    with pytest.raises(replying.WindowClosed):
        replying.reply(conversation, by=olga, text="Tardi", key="k")
    assert not Message.objects.filter(direction="out").exists()


def test_a_colleagues_conversation_is_not_answered_beside_them(
    conversation: Conversation, olga: Person, bea: Person
) -> None:
    handling.take(conversation, by=olga)
    with pytest.raises(TakenByAnother):
        replying.reply(conversation, by=bea, text="Anch'io", key="k")


def test_a_closed_conversation_is_not_answered(conversation: Conversation, olga: Person) -> None:
    handling.close(conversation, by=olga)
    with pytest.raises(ConversationClosed):
        replying.reply(conversation, by=olga, text="Ancora", key="k")


def test_quoting_names_the_message_as_the_platform_does(conversation: Conversation, olga: Person) -> None:
    question = conversation.messages.get()
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", reply_to=question, key="k")
    assert sent(message) == Text("Alle 9.", reply_to=question.platform_message_id)
    assert message.reply_to == question


def test_a_photo_is_stored_and_handed_over_by_a_job_with_the_text_as_caption(
    conversation: Conversation, olga: Person
) -> None:
    [message] = replying.reply(
        conversation, by=olga, text="Ecco la mappa", files=[upload("mappa.jpg", picture())], key="k"
    )
    assert (message.kind, message.text, message.delivery) == ("image", "Ecco la mappa", None)
    attachment = message.attachment
    assert attachment.state == Attachment.State.PENDING
    assert attachment.thumbnail
    assert "mappa" not in attachment.file.name
    assert jobs("desk.send_media") == [
        {"organization_id": message.organization_id, "attachment_id": attachment.pk}
    ]


def test_several_files_follow_the_text(conversation: Conversation, olga: Person) -> None:
    messages = replying.reply(
        conversation,
        by=olga,
        text="Due file",
        files=[upload("a.jpg", picture()), upload("b.pdf", b"%PDF-1.7 prova")],
        key="k",
    )
    assert [message.kind for message in messages] == ["text", "image", "document"]


def test_a_file_that_cannot_go_stops_the_whole_answer(conversation: Conversation, olga: Person) -> None:
    with pytest.raises(replying.NotSendable, match=r"brutto\.exe"):
        replying.reply(conversation, by=olga, text="Ecco", files=[upload("brutto.exe", b"MZ\x90")], key="k")
    assert not Message.objects.filter(direction="out").exists()


def test_a_reaction_goes_and_can_be_taken_back(conversation: Conversation, olga: Person) -> None:
    question = conversation.messages.get()
    replying.react(question, by=olga, emoji="👍")
    question.refresh_from_db()
    assert question.our_reaction == "👍"
    assert sent() == Reaction(question.platform_message_id, "👍")
    replying.react(question, by=olga, emoji="")
    question.refresh_from_db()
    assert question.our_reaction == ""
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None


def test_a_failed_message_goes_again_when_a_person_asks(conversation: Conversation, olga: Person) -> None:
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    message.refresh_from_db()
    assert replying.can_retry(message)
    replying.retry(message, by=olga)
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_a_message_of_long_ago_keeps_its_outcome_and_cannot_go_again(
    conversation: Conversation, olga: Person
) -> None:
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    Delivery.objects.update(
        address_sealed=b"", outgoing_sealed=None, message_hash=None, message_sealed=None
    )  # delivery.retention
    message = Message.objects.select_related("delivery").get(pk=message.pk)
    assert not replying.can_retry(message)
    replying.retry(message, by=olga)
    [shown] = bubbles(conversation, [message], "Anna Esempio")
    assert shown.status is not None
    assert shown.status.name == "failed"
    assert (shown.reason, shown.retry) == ("Message undeliverable", False)


def test_a_message_on_its_way_is_not_sent_again(conversation: Conversation, olga: Person) -> None:
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    decide(Delivery.objects.all(), DeliveryState.SENT)
    replying.retry(message, by=olga)
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_an_upload_that_failed_goes_again(conversation: Conversation, olga: Person) -> None:
    [message] = replying.reply(conversation, by=olga, text="", files=[upload("a.jpg", picture())], key="k")
    Attachment.objects.update(state=Attachment.State.FAILED, reason="no")
    replying.retry(Message.objects.get(pk=message.pk), by=olga)
    assert Attachment.objects.get().state == Attachment.State.PENDING
    assert len(jobs("desk.send_media")) == 2


def test_retry_respects_the_window(conversation: Conversation, olga: Person) -> None:
    [message] = replying.reply(conversation, by=olga, text="Alle 9.", key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED)
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(days=2))
    with pytest.raises(replying.WindowClosed):
        replying.retry(message, by=olga)


def test_a_message_that_came_without_an_id_is_answered_without_a_quote_and_takes_no_reaction(
    write: Writes, anna: Identity, olga: Person, browse: Callable[..., Client]
) -> None:
    """Its made-up id names nothing at the platform, which would refuse the answer."""
    write(said(anna, "Senza nome", message_id="unnamed.1", unnamed=True))
    question = Message.objects.get()
    [answer] = replying.reply(question.conversation, by=olga, text="Sì", reply_to=question, key="k")
    outgoing = sent(answer)
    assert isinstance(outgoing, Text)
    assert (outgoing.body, outgoing.reply_to) == ("Sì", None)
    assert answer.reply_to == question, "at the desk the quote stands"
    with pytest.raises(replying.ReplyRefused):
        replying.react(question, by=olga, emoji="👍")
    page = browse(olga).get(f"/console/sportello/{question.conversation_id}/").content.decode()
    assert f'id="quote-{question.pk}"' in page
    assert f'id="react-{question.pk}"' not in page
