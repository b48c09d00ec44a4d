# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registro."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arengo.core import audit
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from tests.support.settings_town import own_data

Browse = Callable[..., Client]


def test_the_log_is_filtered_by_person_room_and_day(
    places: dict[str, str],
    alice: Person,
    olga: Person,
    rita: Person,
    browse: Browse,
    settings_town: Organization,
) -> None:
    audit.record("desk.blocked", organization=settings_town, by=olga)
    audit.record("core.changed_organization", organization=settings_town, by=alice)
    client = browse(rita)

    def shown(**wanted: str) -> list[str]:
        return [line.entry.verb for line in client.get(places["log"], wanted).context["lines"]]

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
    assert f"mittente {sender.name}</bdi></a> <br><bdi>riuscito: no" in page
    assert "che cosa: colori, motto" in page


def test_the_log_names_the_automatic_messages_that_were_switched(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    client.post(reverse("settings:automatic"), {"on": ["audience.goodbye"]})
    page = client.get(places["log"]).text
    assert re.search(r"che cosa: [^<]*Già iscritto", page)
    assert "audience." not in page


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
    places: dict[str, str], alice: Person, browse: Browse, settings_town: Organization
) -> None:
    client = browse(alice)
    client.get(places["log"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(places["log"])
        return len(queries)

    few = cost()
    for _entry in range(40):
        audit.record("desk.took", organization=settings_town, by=alice)
    assert cost() == few <= 14  # one of them: what waits for her yes in the newsroom
