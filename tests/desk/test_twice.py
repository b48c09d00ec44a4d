# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who presses «Invia» just after a colleague is asked once, and sees both texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from arengo.core.models import Person
from arengo.delivery.models import Delivery
from arengo.desk import replying
from arengo.desk.handling import TakenByAnother
from arengo.desk.models import Attachment, Conversation, Message
from arengo.desk.twice import ColleagueAnswered
from tests.desk.road import page_of
from tests.factories.desk import whole_upload

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


@pytest.fixture
def answered(conversation: Conversation, bea: Person) -> Message:
    """Bea answered a moment ago."""
    [message] = replying.reply(conversation, by=bea, text="Alle <9>.", key="bea")
    return message


def test_both_texts_are_shown_and_nothing_is_sent(
    conversation: Conversation, answered: Message, olga: Person, browse: Browse
) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = browse(olga).post(
            f"{page_of(conversation)}rispondi/", {"text": "Dalle 9.", "key": "olga"}, headers=headers
        )
        page = answer.content.decode()
        assert answer.status_code == 409
        question = page[page.index('id="second"') :]
        assert "Alle &lt;9&gt;." in question
        assert "Dalle 9." in question
        assert "Non inviare, resta in bozza" in question
    assert Delivery.objects.count() == 1


def test_files_and_the_quoted_message_go_with_the_second_press(
    conversation: Conversation, answered: Message, olga: Person, browse: Browse
) -> None:
    quoted = conversation.messages.earliest("pk")
    upload = whole_upload(conversation, olga, "atto <1>.pdf")
    form = {
        "text": "Ecco",
        "key": "olga",
        "reply_to": quoted.pk,
        "upload": upload.pk,
        f"caption-{upload.pk}": '"Atto"',
    }
    page = browse(olga).post(f"{page_of(conversation)}rispondi/", form).content.decode()
    question = page[page.index('id="second-form"') :]
    again = dict(re.findall(r'type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', question))
    assert (again["reply_to"], again["upload"]) == (str(quoted.pk), str(upload.pk))
    assert again[f"caption-{upload.pk}"] == "&quot;Atto&quot;"
    again = {name: unescape(value) for name, value in again.items()}
    browse(olga).post(f"{page_of(conversation)}rispondi/", {**again, "text": "Ecco"})
    sent = Message.objects.filter(direction="out", author=olga)
    assert {each.text for each in sent} == {"Ecco", '"Atto"'}
    assert Attachment.objects.get(message__in=sent).filename == "atto <1>.pdf"
    assert sent.filter(reply_to=quoted).count() == 1


def test_who_has_seen_it_sends_theirs_as_well_and_takes_nothing(
    conversation: Conversation, answered: Message, olga: Person, bea: Person, browse: Browse
) -> None:
    answer = browse(olga).post(
        f"{page_of(conversation)}rispondi/", {"text": "Dalle 9.", "key": "k2", "anyway": answered.pk}
    )
    assert answer.status_code == 302
    conversation.refresh_from_db()
    assert conversation.assignee == bea
    assert [each.text for each in Message.objects.filter(direction="out").order_by("pk")] == [
        "Alle <9>.",
        "Dalle 9.",
    ]


def test_another_answer_asks_again(
    conversation: Conversation, answered: Message, olga: Person, bea: Person
) -> None:
    replying.reply(conversation, by=bea, text="Anzi, alle 10.", key="bea2")
    with pytest.raises(ColleagueAnswered):
        replying.reply(conversation, by=olga, text="Dalle 9.", key="k3", anyway=answered.pk)


def test_ones_own_answer_of_a_moment_ago_asks_nothing(
    conversation: Conversation, answered: Message, bea: Person
) -> None:
    replying.reply(conversation, by=bea, text="E buona giornata.", key="bea3")
    assert Delivery.objects.count() == 2


def test_after_ten_seconds_who_has_it_in_hand_decides(
    conversation: Conversation, answered: Message, olga: Person
) -> None:
    Message.objects.update(received_at=answered.received_at - timedelta(seconds=11))
    with pytest.raises(TakenByAnother):
        replying.reply(conversation, by=olga, text="Dalle 9.", key="k4")
