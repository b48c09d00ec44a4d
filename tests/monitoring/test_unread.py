# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What could not be read."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from arengo.core.models import AuditEntry, Person
from arengo.core.templatetags.arengo import named
from arengo.intake.models import Journal

Browse = Callable[..., Client]


def test_what_could_not_be_read_is_shown_without_its_words_and_read_again(
    places: dict[str, str], alice: Person, browse: Browse, marked: Journal
) -> None:
    client = browse(alice)
    page = client.get(places["unread"])
    assert "entry[0]: ?" in page.text
    client.post(places["unread_replay"])
    marked.refresh_from_db()
    assert marked.state == Journal.State.WAITING
    assert client.post(places["unread_archive"]).status_code == 404  # it is marked no more


def test_the_question_on_its_own_page_says_what_is_archived(
    places: dict[str, str], alice: Person, browse: Browse, marked: Journal
) -> None:
    page = browse(alice).get(places["unread_archive"]).text
    assert f"{marked.sender.name} · " in page
    assert named(marked.received_at, "j F Y, H:i") in page


def test_what_is_archived_leaves_the_list(
    places: dict[str, str], alice: Person, browse: Browse, marked: Journal
) -> None:
    client = browse(alice)
    client.post(places["unread_archive"])
    marked.refresh_from_db()
    assert marked.state == Journal.State.APPLIED
    assert "Tutto letto" in client.get(places["unread"]).text
    assert AuditEntry.objects.filter(verb="intake.archived", person=alice).exists()
