# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mittenti: their forms, trying, and what the platform answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arengo.core.models import AuditEntry, Person
from arengo.delivery.models import Sender
from arengo.delivery.senders import sender_views
from arengo.intake.reader import read_batch
from arengo.platforms.contract import Refusal, Remedy
from arengo.platforms.whatsapp.form import NumberForm
from tests.factories.intake import journal
from tests.factories.platforms import credentials

Browse = Callable[..., Client]


def sender_data(**changed: Any) -> dict[str, Any]:
    return {
        "name": "URP",
        "display_phone": "+39 055 1",
        "rate": "80",
        "base_url": credentials().base_url,
        "version": "",
        "number_id": "1",
        "account_id": "2",
        "token": "",
        "app_secret": "",
        "verify_token": "",
        "auth_header": "D360-API-KEY",
        "auth_prefix": "",
        "signature": "token",
        "signature_header": "X-Hook-Token",
        **changed,
    }


def test_secrets_left_empty_are_kept_and_never_shown(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    client = browse(alice)
    assert client.post(places["sender"], sender_data(token="a-new-token")).status_code == 302
    sender.refresh_from_db()
    kept = sender.credentials
    assert (kept.token, kept.app_secret, kept.base_url, kept.auth_prefix) == (
        "a-new-token",
        credentials().app_secret,
        credentials().base_url,
        "",
    )
    page = client.get(places["sender"]).text
    for secret in (kept.token, kept.app_secret, kept.verify_token):
        assert secret not in page
    entry = AuditEntry.objects.get(verb="delivery.changed_sender")
    assert "token" in entry.detail["changed"]
    assert "a-new-token" not in str(entry.detail)


def test_the_prefix_keeps_its_space(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    browse(alice).post(places["sender"], sender_data(auth_prefix="Token "))
    sender.refresh_from_db()
    assert sender.credentials.auth_prefix == "Token "


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "ftp://example.test"},
        {"base_url": "non un indirizzo"},
        {"version": "24"},
        {"auth_header": "X Y\r\nZ"},
        {"rate": "0"},
        {"rate": "80.000"},
        {"rate": "1,5"},
        {"signature": "none"},
    ],
)
def test_values_that_cannot_work_are_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, str], sender: Sender
) -> None:
    assert browse(alice).post(places["sender"], sender_data(**changed)).status_code == 422
    sender.refresh_from_db()
    assert sender.credentials == credentials()


def test_a_new_sender_needs_its_secrets(places: dict[str, str], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    refused = client.post(places["sender_new"], sender_data())
    assert set(refused.context["form"].errors) == set(NumberForm.secrets)
    full = sender_data(token="t", app_secret="s", verify_token="v")
    assert client.post(places["sender_new"], full).status_code == 302
    assert Sender.objects.get(name="URP").credentials.token == "t"


def test_the_page_says_where_webhooks_must_go_and_when_something_came(
    places: dict[str, str], alice: Person, rita: Person, browse: Browse, sender: Sender
) -> None:
    assert browse(alice).get(places["sender"]).context["heard_at"] is None
    came = journal(sender, b"{}")
    read_batch()
    page = browse(alice).get(places["sender"])
    assert f"/hooks/{sender.hook_key}" in page.text
    assert page.context["heard_at"] == came.received_at
    assert sender.hook_key not in browse(rita).get(places["sender"]).text


def test_trying_shows_what_the_provider_says(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"verified_name": "Comune di Esempio", "quality_rating": "GREEN", "id": "1"}
    monkeypatch.setattr(sender_views, "call", lambda *args, **kwargs: said)
    page = browse(alice).post(places["sender_try"])
    assert page.context["described"] == [("Nome verificato", "Comune di Esempio"), ("Qualità", "alta")]


def test_the_limit_of_people_a_day_is_set_and_learnt(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(alice)
    assert "Nessun limite" in client.get(places["sender"]).text
    assert client.post(places["sender"], sender_data(tier="2000")).status_code == 302
    sender.refresh_from_db()
    assert sender.tier == 2000
    said = {"whatsapp_business_manager_messaging_limit": "TIER_1K"}
    monkeypatch.setattr(sender_views, "call", lambda *args, **kwargs: said)
    page = client.post(places["sender_try"])
    assert "è stato aggiornato con quello di Meta" in page.text
    assert '<option value="1000" selected>1.000</option>' in page.text, "a step that we did not know"
    assert "è stato aggiornato" not in client.post(places["sender_try"]).text
    assert client.post(places["sender"], sender_data(tier="")).status_code == 302
    sender.refresh_from_db()
    assert sender.tier is None


def test_a_refusal_is_explained(places: dict[str, str], alice: Person, browse: Browse) -> None:
    page = browse(alice).post(places["sender_try"])  # the default address answers nobody
    assert page.status_code == 200
    assert "WhatsApp non ha risposto" in page.text
    assert page.context["described"] is None


def test_a_refused_webhook_is_explained(
    places: dict[str, str], alice: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Refusal(Remedy.STOP_SENDER, code=190, title="Expired", details="Session has expired")

    monkeypatch.setattr(sender_views, "call", refuse)
    page = browse(alice).post(places["sender_subscribe"], follow=True)
    assert "190" in page.text
    assert "Session has expired" in page.text


def test_a_stopped_sender_says_why_and_goes_on_when_told(
    places: dict[str, str], alice: Person, browse: Browse, sender: Sender
) -> None:
    Sender.objects.update(state="stopped", stop_code=131042, stop_reason="Payment issue")
    client = browse(alice)
    page = client.get(places["sender"]).text
    assert "Payment issue" in page
    assert "(131042)" in page, "a code is a name, not a quantity: no thousands separator"
    client.post(places["sender_resume"])
    sender.refresh_from_db()
    assert sender.state == "active"
    assert AuditEntry.objects.filter(verb="delivery.resumed", person=alice).exists()
