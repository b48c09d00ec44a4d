# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done with each message of a thread. A page draws it once and puts each message's number in."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.desk import replying
from arengo.desk.models import Conversation, Message
from tests.desk.road import Writes, page_of
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def actions_of(message: Message, page: str) -> str:
    """ "" without any."""
    found = re.search(rf'<div class="desk-message-actions" id="actions-{message.pk}">.*?\n</div>', page, re.S)
    return found.group() if found else ""


def test_each_message_has_its_own(
    browse: Browse, write: Writes, anna: Identity, conversation: Conversation, olga: Person
) -> None:
    write(said(anna, "E il sabato?"))
    replying.reply(conversation, by=olga, text="Alle 9", key="k")
    first, second, ours = conversation.messages.order_by("pk")
    page = browse(olga).get(page_of(conversation)).content.decode()
    for message in (first, second):
        found = actions_of(message, page)
        numbers = set(re.findall(r"(?:quote|react|erase)-(\d+)", found))
        assert numbers == {str(message.pk)}
        assert f"/messaggi/{message.pk}/reazione/" in found
        assert f"rispondi={message.pk}#composer" in found
    assert "Cita" in actions_of(ours, page)
    assert "Reagisci" not in actions_of(ours, page)
    assert "9000000000000000001" not in page


def test_a_reaction_of_ours_is_pressed_on_its_message_alone(
    browse: Browse, write: Writes, anna: Identity, conversation: Conversation, olga: Person
) -> None:
    write(said(anna, "E il sabato?"))
    first, second = conversation.messages.order_by("pk")
    Message.objects.filter(pk=second.pk).update(our_reaction="👍")
    page = browse(olga).get(page_of(conversation)).content.decode()
    assert 'aria-pressed="true"' in actions_of(second, page)
    assert 'aria-pressed="true"' not in actions_of(first, page)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"deleted_at": timezone.now()}, ["Altro"]),
        ({"copy": True}, ["Altro"]),
        ({"erased_at": timezone.now()}, []),
        ({"command": "stop"}, ["Cita", "Reagisci"]),
    ],
)
def test_what_cannot_be_done_is_not_offered(
    browse: Browse, conversation: Conversation, olga: Person, fields: dict[str, object], words: list[str]
) -> None:
    message = conversation.messages.get()
    Message.objects.filter(pk=message.pk).update(**fields)
    found = actions_of(message, browse(olga).get(page_of(conversation)).content.decode())
    assert re.findall(r"desk-action-words\">([^<]+)", found) == words


def test_who_only_reads_finds_nothing_to_do(browse: Browse, conversation: Conversation, rita: Person) -> None:
    page = browse(rita).get(page_of(conversation)).content.decode()
    assert actions_of(conversation.messages.get(), page) == ""
