# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registro, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arengo.core import audit
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Sender
from arengo.intake.models import Journal
from tests.config.conftest import own_data

Browse = Callable[..., Client]


def test_the_log_is_filtered_by_person_room_and_day(
    places: dict[str, str], alice: Person, olga: Person, rita: Person, browse: Browse, town: Organization
) -> None:
    audit.record("desk.blocked", organization=town, by=olga)
    audit.record("core.changed_organization", organization=town, by=alice)
    client = browse(rita)

    def shown(**wanted: str) -> list[str]:
        return [line["entry"].verb for line in client.get(places["log"], wanted).context["lines"]]

    assert shown(person=str(olga.pk)) == ["desk.blocked"]
    assert shown(room="core") == ["core.changed_organization"]
    assert "audience.published_policy" in shown(person="0")
    assert shown(until="2020-01-01") == []
    assert len(shown(since="2020-01-01")) == 4
    assert len(shown(since="ieri")) == 4
    assert len(shown(person="999999")) == 4


def test_the_log_speaks_the_words_of_the_pages(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    audit.record(
        "delivery.tried_sender",
        organization=sender.organization,
        by=alice,
        on=sender,
        detail={"worked": False},
    )
    browse(alice).post(places["organization"], own_data(tagline="Sotto la torre"))
    page = " ".join(browse(alice).get(places["log"]).text.split())
    assert f"mittente {sender.name}</bdi></a> <br>riuscito: no" in page
    assert "che cosa: colori, motto" in page


def test_no_mail_is_said_to_have_left_where_none_leaves(
    places: dict[str, str], alice: Person, browse: Browse, settings: Any
) -> None:
    settings.EMAIL_LEAVES = False
    data = {"name": "Nina Esempio", "email": "nina@esempio.test", "roles": ["operator"]}
    page = browse(alice).post(places["staff"], data, follow=True).text
    assert "Nina Esempio" in page
    assert "e-mail è partita" not in page
    assert mail.outbox == []


def test_the_log_costs_the_same_however_long(
    places: dict[str, str], alice: Person, browse: Browse, town: Organization
) -> None:
    client = browse(alice)
    client.get(places["log"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(places["log"])
        return len(queries)

    few = cost()
    for _entry in range(40):
        audit.record("desk.took", organization=town, by=alice)
    assert cost() == few <= 12


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


def test_what_is_archived_leaves_the_list(
    places: dict[str, str], alice: Person, browse: Browse, marked: Journal
) -> None:
    client = browse(alice)
    client.post(places["unread_archive"])
    marked.refresh_from_db()
    assert marked.state == Journal.State.APPLIED
    assert "Tutto letto" in client.get(places["unread"]).text
    assert AuditEntry.objects.filter(verb="intake.archived", person=alice).exists()
