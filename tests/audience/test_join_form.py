# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The site's form makes the message that joins; what was chosen travels in the message alone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from arengo.audience import receiving
from arengo.audience.models import Consent, Quarter, Subscription, Topic
from arengo.audience.ways import Way
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.factories.audience import ANNA, message

pytestmark = pytest.mark.django_db

FORM = "/wa/scegli"
Browse = Callable[..., Client]


@pytest.fixture
def borgo(town: Organization) -> Quarter:
    found: Quarter = Quarter.objects.create(organization=town, name="Borgo Nuovo")
    return found


def text_of(page: str) -> str:
    start = page.index("https://wa.me/")
    return parse_qs(urlsplit(page[start : page.index('"', start)].replace("&amp;", "&")).query)["text"][0]


def test_the_form_offers_what_can_be_chosen_and_nothing_of_another_town(
    town: Organization, borgo: Quarter, browse: Browse
) -> None:
    page = browse().get(FORM)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert "Eventi" in page.text
    assert "Borgo Nuovo" in page.text
    assert "Il messaggio è pronto" not in page.text


def test_a_topic_out_of_season_is_not_offered(town: Organization, browse: Browse) -> None:
    Topic.objects.create(organization=town, name="Spiagge", season_from="01-01", season_to="01-01")
    Topic.objects.create(organization=town, name="Neve", season_from="01-01", season_to="12-31")
    page = browse().get(FORM).text
    assert "Neve" in page
    assert "Spiagge" not in page


def test_the_message_that_it_makes_joins_to_what_was_chosen(
    town: Organization, borgo: Quarter, browse: Browse, arrive: Callable[..., None]
) -> None:
    topic = Topic.in_use()[0]
    page = browse().get(FORM, {"pronto": "1", "tema": topic.pk, "quartiere": borgo.pk})
    text = text_of(page.text)
    assert text.startswith("ISCRIVIMI ")
    arrive(message(ANNA, text))
    subscription = Subscription.objects.get(active=True)
    assert receiving.of(subscription).topics == {topic.pk}
    assert receiving.of(subscription).quarters == {borgo.pk}
    proof = Consent.objects.get(action="given")
    assert (proof.way, proof.text) == (Way.FORM, text)


def test_who_ticks_nothing_receives_everything(
    town: Organization, browse: Browse, arrive: Callable[..., None]
) -> None:
    text = text_of(browse().get(FORM, {"pronto": "1"}).text)
    assert text == "ISCRIVIMI (dal sito)"
    arrive(message(ANNA, text))
    assert receiving.of(Subscription.objects.get(active=True)).topics == frozenset()


@pytest.mark.parametrize("value", ["0", "999999999999999999999", "x", "-1", "", "1;2"])
def test_a_choice_that_is_none_is_left_out(town: Organization, browse: Browse, value: str) -> None:
    page = browse().get(FORM, {"pronto": "1", "tema": value})
    assert page.status_code == 200
    assert text_of(page.text) == "ISCRIVIMI (dal sito)"


def test_there_is_a_code_for_who_reads_on_a_computer(town: Organization, browse: Browse) -> None:
    topic = Topic.in_use()[0]
    code = browse().get(f"{FORM}/qr.svg", {"pronto": "1", "tema": topic.pk})
    assert (code.status_code, code["Content-Type"]) == (200, "image/svg+xml")
    assert browse().get(f"{FORM}/qr.svg").status_code == 404


def test_while_nobody_can_join_there_is_no_form(esempio: Organization, browse: Browse) -> None:
    assert browse().get(FORM).status_code == 404
    assert browse().post(FORM).status_code in (403, 404, 405)


def test_what_is_no_request_stays_for_people_with_the_mark_too(
    town: Organization, arrive: Callable[..., None], sender: Sender
) -> None:
    arrive(message(ANNA, "A che ora aprite? (dal sito)"))
    assert not Subscription.objects.exists()
