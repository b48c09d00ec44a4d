# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second factor: who must have one, and what lies in the database of it."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable
from importlib import import_module
from typing import Any
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from arengo.accounts import factors
from arengo.core.live_views import _listener
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.vault import Vault, new_key, parse_keys, sealed_under
from tests.accounts.codes import SECRET, code, set_up_codes
from tests.accounts.signing_in import ENTRANCE, confirmed, sign_in
from tests.factories.core import HOST, PASSWORD, STRANGER_HOST

Browse = Callable[..., Client]
THERE = f"{ENTRANCE}secondo-passaggio/"
CHOICE = "/console/impostazioni/personale/secondo-passaggio/"


@pytest.fixture
def required(settings: Any) -> None:
    settings.ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = True


def console_paths() -> list[str]:
    """Every address of the console without arguments, later pages too."""
    found: list[str] = []

    def walk(entries: list[URLPattern | URLResolver], before: str) -> None:
        for entry in entries:
            address = before + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, address)
            elif address.startswith("console/") and "<" not in address and "(" not in address:
                found.append(f"/{address}")

    walk(get_resolver().url_patterns, "")
    return [path for path in found if not path.startswith(ENTRANCE)]


@pytest.mark.usefixtures("required")
def test_an_administrator_opens_no_page_of_the_console_before_the_second_factor(
    alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    paths = console_paths()
    assert len(paths) > 15
    for path in paths:
        for method in (client.get, client.post):
            answer = method(path)
            assert (answer.status_code, answer.headers.get("Location")) == (302, THERE), path
            assert method(path, headers={"hx-request": "true"}).status_code == 403, path


@pytest.mark.usefixtures("required")
def test_an_administrator_is_led_through_and_then_in(alice: Person) -> None:
    client = confirmed(sign_in(alice.email))
    page = client.get("/console/impostazioni/", follow=True).content.decode()
    assert "Prima, un secondo passaggio" in page
    assert "console-tabs" not in page  # they would lead nowhere
    secret = set_up_codes(client)
    assert client.get("/console/impostazioni/").status_code == 200
    again = sign_in(alice.email)
    assert "_auth_user_id" not in again.session
    other = next(each for each in ("000000", "111111") if each != code(secret))
    again.post(f"{ENTRANCE}2fa/authenticate/", {"code": other})
    assert "_auth_user_id" not in again.session


@pytest.mark.usefixtures("required")
def test_an_operator_is_asked_only_where_the_town_chose_so(
    alice: Person, olga: Person, browse: Browse, esempio: Organization, settings: Any
) -> None:
    assert browse(olga).get("/console/sportello/").status_code == 200
    settings.ARENGO_ADMINISTRATORS_NEED_SECOND_FACTOR = False
    browse(alice).post(CHOICE, {"required": "on"})
    assert browse(olga).get("/console/sportello/").headers["Location"] == THERE
    page = browse(olga).get(THERE).content.decode()
    assert "a tutto il personale" in page
    TOTP.activate(olga, SECRET)
    assert browse(olga).get("/console/sportello/").status_code == 200
    TOTP.activate(alice, SECRET)
    browse(alice).post(CHOICE, {})
    verbs = list(AuditEntry.objects.filter(organization=esempio).values_list("verb", flat=True))
    assert "accounts.required_second_factor" in verbs
    assert "accounts.waived_second_factor" in verbs


def test_an_operator_cannot_change_the_choice(olga: Person, esempio: Organization, browse: Browse) -> None:
    assert browse(olga).post(CHOICE, {"required": "on"}).status_code == 403
    esempio.refresh_from_db()
    assert not esempio.require_second_factor


def test_the_choice_of_one_town_binds_no_other(
    alice: Person, carlo: Person, browse: Browse, esempio: Organization, altrove: Organization
) -> None:
    browse(alice).post(CHOICE, {"required": "on"})
    altrove.refresh_from_db()
    assert not altrove.require_second_factor
    assert browse(carlo, STRANGER_HOST).get("/console/impostazioni/").status_code == 200


@pytest.mark.usefixtures("required")
def test_recovery_codes_alone_are_no_second_factor(alice: Person, browse: Browse) -> None:
    RecoveryCodes.activate(alice)
    assert browse(alice).get("/console/impostazioni/").status_code == 302


@pytest.mark.usefixtures("required")
def test_the_last_factor_is_not_taken_away_where_it_is_required(alice: Person) -> None:
    client = confirmed(sign_in(alice.email))
    set_up_codes(client)
    page = client.post(f"{ENTRANCE}2fa/totp/deactivate/").content.decode()
    assert "prima aggiungi un altro modo" in page
    assert factors.has_one(alice)


def test_a_demo_asks_no_administrator(alice: Person, browse: Browse) -> None:
    assert browse(alice).get("/console/impostazioni/").status_code == 200


def _rows() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(data::text, ' '), '') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def test_no_secret_of_a_factor_lies_in_the_clear(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    secret = set_up_codes(client)
    seed = factors.unseal(Authenticator.objects.get(type="recovery_codes").data["seed"])
    rows = _rows()
    assert secret not in rows
    assert seed not in rows
    assert factors.unseal(Authenticator.objects.get(type="totp").data["secret"]) == secret


def test_the_key_that_is_being_set_up_lies_sealed_in_the_session(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    page = client.get(f"{ENTRANCE}2fa/totp/activate/").content.decode()
    shown = re.search(r"<code>([A-Z2-7]{16,})</code>", page)
    assert shown
    stored = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    assert any("mfa.totp.secret" in each for each in stored)
    assert all(shown.group(1) not in each for each in stored)
    wrong = client.post(f"{ENTRANCE}2fa/totp/activate/", {"code": "abc"}).content.decode()
    assert shown.group(1) in wrong  # the same key after a mistake
    client.post(f"{ENTRANCE}2fa/totp/activate/", {"code": code(shown.group(1))})
    assert factors.has_one(olga)


def test_secrets_of_before_are_sealed_by_the_migration_and_still_open(olga: Person) -> None:
    Authenticator.objects.create(user=olga, type="totp", data={"secret": SECRET})
    Authenticator.objects.create(user=olga, type="recovery_codes", data={"seed": "ab" * 40, "used_mask": 1})
    migration = import_module("arengo.accounts.migrations.0002_seal_and_prove")
    for _twice in range(2):
        migration.seal(apps, None)
    assert SECRET not in _rows()
    assert "abab" not in _rows()
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code(SECRET))
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 9


def test_secrets_are_sealed_again_under_a_new_key(olga: Person, settings: Any) -> None:
    TOTP.activate(olga, SECRET)
    codes = RecoveryCodes.activate(olga).get_unused_codes()
    old, new = settings.ARENGO_VAULT_KEYS, new_key("next")
    both = Vault(parse_keys(f"{new},{old}"))
    for row in Authenticator.objects.all():
        row.data = factors.rewrite(row.data, lambda sealed, purpose: both.reseal(sealed, purpose=purpose))
        row.save()
    settings.ARENGO_VAULT_KEYS = f"{new},{old}"  # the lookup keys are still under the old one
    sealed = [
        value for row in Authenticator.objects.all() for value in row.data.values() if isinstance(value, str)
    ]
    assert {sealed_under(b64decode(value)) for value in sealed} == {"next"}
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code(SECRET))
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes


def test_recovery_codes_are_shown_once(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    set_up_codes(client)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    first = client.get(f"{ENTRANCE}2fa/recovery-codes/").content.decode()
    second = client.get(f"{ENTRANCE}2fa/recovery-codes/").content.decode()
    assert all(each in first for each in codes)
    assert not any(each in second for each in codes)


def test_a_recovery_code_lets_in_once(olga: Person) -> None:
    TOTP.activate(olga, SECRET)
    saved = RecoveryCodes.activate(olga).get_unused_codes()[0]
    for expected in (True, False):
        client = sign_in(olga.email)
        client.post(f"{ENTRANCE}2fa/authenticate/", {"code": saved})
        assert ("_auth_user_id" in client.session) is expected
    assert AuditEntry.objects.filter(verb="accounts.used_recovery_code").count() == 1


def test_a_new_password_by_mail_keeps_the_second_factor(olga: Person) -> None:
    TOTP.activate(olga, SECRET)
    olga.set_password("cavallo pila corretto graffetta")
    olga.save()
    assert "_auth_user_id" not in sign_in(olga.email, "cavallo pila corretto graffetta").session


def test_the_pages_of_passkeys_hold_no_script_of_their_own(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    for page in ("2fa/webauthn/add/", "2fa/webauthn/", "2fa/", "secondo-passaggio/"):
        text = client.get(f"{ENTRANCE}{page}", follow=True).content.decode()
        assert re.findall(r"<script(?![^>]* src=)", text) == []
        assert "style=" not in text
    assert 'data-passkey="create"' in client.get(f"{ENTRANCE}2fa/webauthn/add/").content.decode()


CROOKED = (
    "",
    "{}",
    "[]",
    "null",
    '{"id": 1}',
    '{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {}}',
    '{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
    (
        '{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {"clientDataJSON": "e30", '
        '"authenticatorData": "AA", "signature": "AA"}}'
    ),
    '{"response": {}}',
    "x" * 5000,
    "[" * 2000 + "]" * 2000,
)


@pytest.mark.parametrize("credential", CROOKED)
def test_what_is_no_passkey_is_refused_with_words(olga: Person, credential: str) -> None:
    client = confirmed(sign_in(olga.email))
    client.get(f"{ENTRANCE}2fa/webauthn/add/")
    answer = client.post(f"{ENTRANCE}2fa/webauthn/add/", {"name": "x", "credential": credential})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", CROOKED)
def test_what_is_no_passkey_lets_nobody_in_and_is_in_the_log(olga: Person, credential: str) -> None:
    TOTP.activate(olga, SECRET)
    client = sign_in(olga.email)
    client.get(f"{ENTRANCE}2fa/authenticate/")
    answer = client.post(f"{ENTRANCE}2fa/authenticate/", {"credential": credential})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_key_of_another_person_is_not_there(olga: Person, edo: Person) -> None:
    key = Authenticator.objects.create(user=edo, type="webauthn", data={"name": "di Edo", "credential": {}})
    client = confirmed(sign_in(olga.email))
    for action in ("edit", "remove"):
        assert client.post(f"{ENTRANCE}2fa/webauthn/keys/{key.pk}/{action}/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_carlo_finds_no_enrolment_at_our_host(carlo: Person, esempio: Organization) -> None:
    client = sign_in(carlo.email, PASSWORD, HOST)
    assert client.get(THERE).headers["Location"] == "/console/"
    assert client.get("/console/").status_code == 404


def test_an_open_stream_ends_when_the_factor_is_required_meanwhile(
    olga: Person, esempio: Organization
) -> None:
    session = sign_in(olga.email).session.session_key
    assert session is not None
    request = HttpRequest()
    request.session = SessionStore(session)
    listener = _listener(request, esempio.pk, olga.pk, ["inbox"])
    assert _asked(lambda: listener.seconds_allowed() > 0)
    esempio.require_second_factor = True
    esempio.save()
    assert not _asked(lambda: listener.seconds_allowed() > 0)
    Authenticator.objects.create(user=olga, type=Authenticator.Type.TOTP, data={})
    assert _asked(lambda: listener.seconds_allowed() > 0)


def _asked(question: Callable[[], bool]) -> bool:
    """The stream asks outside of any request and closes its connection; that of the test stays open."""
    with mock.patch("arengo.core.live_views.connections"):
        return question()
