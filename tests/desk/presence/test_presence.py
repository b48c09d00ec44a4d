# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an open screen says of its person reaches the others, and is kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core import live
from arengo.core.models import LiveEvent, Person
from arengo.desk.models import Conversation
from tests.desk.road import page_of

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, dict[str, object]]]:
    said: list[tuple[int, str, dict[str, object]]] = []
    monkeypatch.setattr(
        live, "say", lambda organization, topic, words: said.append((organization, topic, json.loads(words)))
    )
    return said


def test_who_looks_and_who_has_unsent_words_is_told(
    conversation: Conversation, olga: Person, browse: Browse, heard: list[tuple[int, str, dict[str, object]]]
) -> None:
    for doing in ("looks", "writes", "leaves"):
        assert browse(olga).post(f"{page_of(conversation)}presenza/", {"doing": doing}).status_code == 204
    words = {"conversation": conversation.pk, "person": olga.pk, "name": "Olga"}
    assert heard == [
        (conversation.organization_id, "presence", {**words, "doing": doing})
        for doing in ("looks", "writes", "leaves")
    ]
    assert not LiveEvent.objects.filter(topic="presence").exists()


def test_other_words_and_other_people_say_nothing(
    conversation: Conversation,
    olga: Person,
    rita: Person,
    carlo: Person,
    browse: Browse,
    heard: list[tuple[int, str, dict[str, object]]],
) -> None:
    address = f"{page_of(conversation)}presenza/"
    assert browse(olga).post(address, {"doing": "sleeps"}).status_code == 422
    assert browse(rita).post(address, {"doing": "looks"}).status_code == 403
    assert browse(carlo).post(address, {"doing": "looks"}).status_code == 404
    assert browse(olga).post("/console/sportello/999999/presenza/", {"doing": "looks"}).status_code == 404
    assert heard == []
