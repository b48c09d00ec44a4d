# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who has an update open is said to the other editors, and kept nowhere."""

from __future__ import annotations

import json

import pytest

from arengo.core import live
from arengo.core.models import LiveEvent, Organization, Person
from tests.factories.core import STRANGER_HOST
from tests.newsroom.pages import ROOT, Browse, Write


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str, dict[str, object]]]:
    said: list[tuple[int, str, dict[str, object]]] = []
    monkeypatch.setattr(
        live, "say", lambda organization, topic, words: said.append((organization, topic, json.loads(words)))
    )
    return said


def test_who_reads_and_who_writes_is_told(
    town: Organization,
    write: Write,
    edo: Person,
    browse: Browse,
    heard: list[tuple[int, str, dict[str, object]]],
) -> None:
    update = write()
    for doing in ("looks", "writes", "leaves"):
        assert browse(edo).post(f"{ROOT}{update.pk}/presenza/", {"doing": doing}).status_code == 204
    assert [(topic, words["update"], words["name"], words["doing"]) for _town, topic, words in heard] == [
        ("newsroom-presence", update.pk, "Edo", doing) for doing in ("looks", "writes", "leaves")
    ]
    assert not LiveEvent.objects.filter(topic="newsroom-presence").exists()


def test_other_words_and_other_people_say_nothing(
    town: Organization,
    altrove: Organization,
    write: Write,
    edo: Person,
    olga: Person,
    carlo: Person,
    browse: Browse,
    heard: list[tuple[int, str, dict[str, object]]],
) -> None:
    at = f"{ROOT}{write().pk}/presenza/"
    assert browse(edo).post(at, {"doing": "sleeps"}).status_code == 422
    assert browse(olga).post(at, {"doing": "looks"}).status_code == 403
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.post(at, {"doing": "looks"}).status_code == 404
    assert heard == []
