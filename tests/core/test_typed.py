# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a form sent that could not be taken: its words are given back, never its secrets, and never to another site."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arengo.core.models import Organization, Person
from tests.factories.core import HOST

pytestmark = pytest.mark.django_db

WORDS = "La nuova informativa parla di 4711"
FORM = {"summary": "In breve", "text": WORDS, "token": "segreto-4712PIN"}


@pytest.fixture
def address() -> str:
    return reverse("settings:policy_new", args=["privacy"])


@pytest.fixture
def strict(alice: Person) -> Client:
    """A browser whose page was made before the last sign-in."""
    client = Client(headers={"host": HOST}, enforce_csrf_checks=True)
    client.force_login(alice, backend="arengo.accounts.backend.StaffBackend")
    return client


def test_an_old_page_is_answered_with_its_words_and_a_button_that_sends_them(
    strict: Client, address: str
) -> None:
    form = {"summary": "In breve", "text": WORDS}
    answer = strict.post(address, form, headers={"Origin": f"http://{HOST}"})
    assert answer.status_code == 403
    assert answer["X-Arengo-Csrf"] == "1"
    assert WORDS in answer.text
    assert "Invia di nuovo" in answer.text
    token = answer.text.split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
    again = strict.post(address, {**form, "csrfmiddlewaretoken": token}, headers={"Origin": f"http://{HOST}"})
    assert again.status_code == 302


def test_secrets_are_not_shown_and_what_was_left_out_is_not_sent_again(strict: Client, address: str) -> None:
    answer = strict.post(address, FORM, headers={"Origin": f"http://{HOST}"})
    assert WORDS in answer.text
    assert "4712PIN" not in answer.text
    assert "Invia di nuovo" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://altrove.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=str
)
def test_another_site_gets_nothing_shown_in_our_name(
    strict: Client, address: str, headers: dict[str, Any]
) -> None:
    answer = strict.post(address, FORM, headers=headers)
    assert answer.status_code == 403
    assert WORDS not in answer.text


def test_a_session_that_ended_costs_no_words_without_a_script(
    browse: Any, esempio: Organization, address: str
) -> None:
    answer = browse().post(address, FORM, headers={"Referer": f"http://{HOST}{address}?da=1"})
    assert answer.status_code == 401
    assert WORDS in answer.text
    assert "4712PIN" not in answer.text
    assert "next=%2Fconsole%2Fimpostazioni" in answer.text


def test_with_a_script_the_browser_keeps_them_and_sign_in_leads_back_to_the_page_of_the_form(
    browse: Any, esempio: Organization
) -> None:
    answer = browse().post(
        "/console/sportello/1/rispondi/",
        {"text": WORDS, "_draft": "a" * 32},
        headers={"Referer": f"http://{HOST}/console/sportello/1/"},
    )
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/console/sportello/1/")


def test_a_draft_that_arrived_is_told_once(browse: Any, alice: Person, address: str) -> None:
    client = browse(alice)
    number = "0123456789abcdef" * 2
    client.post(address, {"summary": "", "text": "", "_draft": number})
    assert number not in client.get(reverse("settings:home")).text, "it was not taken"
    assert client.post(address, {"summary": "Breve", "text": WORDS, "_draft": number}).status_code == 302
    assert number in client.get(reverse("settings:home")).text
    assert number not in client.get(reverse("settings:home")).text


def test_the_token_of_the_present_session(
    browse: Any, alice: Person, carlo: Person, esempio: Organization
) -> None:
    answer = browse(alice).get(reverse("token"))
    assert set(answer.json()) == {"token", "person"}
    assert answer["Cache-Control"] == "no-store"
    assert browse(carlo).get(reverse("token")).status_code == 404
    assert browse().get(reverse("token"), headers={"HX-Request": "true"}).status_code == 401
