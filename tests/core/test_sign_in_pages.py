# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in, in our looks and in plain Italian."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client

from arengo.core.models import Organization, Person
from tests.accounts.codes import code

LOGIN = "/console/accesso/login/"


def test_a_member_signs_in_by_e_mail(olga: Person, browse: Callable[..., Client]) -> None:
    client = browse()
    page = client.get(LOGIN).content.decode()
    assert "<h1>Accedi</h1>" in page
    assert "Iscriviti" not in page  # nobody signs up
    answer = client.post(LOGIN, {"login": "olga@esempio.test", "password": "una password lunga"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/console/"


def test_a_wrong_password_is_said_where_it_can_be_mended(olga: Person, browse: Callable[..., Client]) -> None:
    page = browse().post(LOGIN, {"login": "olga@esempio.test", "password": "sbagliata"}).content.decode()
    assert 'role="alert"' in page


def test_nobody_signs_up(esempio: Organization, browse: Callable[..., Client]) -> None:
    assert browse().get("/console/accesso/signup/").status_code == 404


def test_a_forgotten_password_is_mended_by_e_mail(olga: Person, browse: Callable[..., Client]) -> None:
    client = browse()
    sent = client.post("/console/accesso/password/reset/", {"email": "olga@esempio.test"}, follow=True)
    assert "Controlla la posta" in sent.content.decode()
    letter = mail.outbox[0]
    assert letter.subject.endswith("Scegli una password nuova")
    address = next(word for word in str(letter.body).split() if "/password/reset/key/" in word)
    page = client.get(address.split("esempio.test", 1)[1], follow=True)
    assert "Scegli una password nuova" in page.content.decode()


def _signed_in(browse: Callable[..., Client]) -> Client:
    """Olga, who has just confirmed her password: what protects her access may be changed."""
    client = browse()
    client.post(LOGIN, {"login": "olga@esempio.test", "password": "una password lunga"})
    client.post("/console/accesso/reauthenticate/", {"password": "una password lunga"})
    return client


def test_what_protects_the_access_is_changed_only_with_the_password_at_hand(
    olga: Person, browse: Callable[..., Client]
) -> None:
    client = browse()
    client.post(LOGIN, {"login": "olga@esempio.test", "password": "una password lunga"})
    page = client.get("/console/accesso/2fa/totp/activate/", follow=True).content.decode()
    assert "Conferma che sei tu" in page


def test_a_second_step_is_switched_on_and_then_asked_for(olga: Person, browse: Callable[..., Client]) -> None:
    client = _signed_in(browse)
    page = client.get("/console/accesso/2fa/totp/activate/").content.decode()
    shown = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert shown
    secret = shown.group(1)
    done = client.post("/console/accesso/2fa/totp/activate/", {"code": code(secret)}, follow=True)
    assert "Codici di riserva" in done.content.decode()
    assert Authenticator.objects.filter(user=olga, type=Authenticator.Type.TOTP).exists()
    client.post("/console/accesso/logout/")
    asked = client.post(LOGIN, {"login": "olga@esempio.test", "password": "una password lunga"}, follow=True)
    assert "Secondo passaggio" in asked.content.decode()
    assert client.get("/console/canale/").status_code == 302


@pytest.mark.parametrize(
    "page",
    [
        "logout/",
        "password/change/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "reauthenticate/",
    ],
)
def test_every_page_of_ones_own_access_opens_in_our_looks(
    olga: Person, browse: Callable[..., Client], page: str
) -> None:
    client = _signed_in(browse)
    TOTP.activate(olga, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(olga)
    if page == "2fa/totp/activate/":
        Authenticator.objects.filter(user=olga).delete()
    answer = client.get(f"/console/accesso/{page}", follow=True)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "entrance-card" in text
    assert "style=" not in text
    assert "<script>" not in text
