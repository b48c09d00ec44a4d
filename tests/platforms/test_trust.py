# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signatures and handshakes: who may speak to us as WhatsApp."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given, strategies as st

from arengo.platforms.contract import Credentials
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.factories.platforms import credentials

WHATSAPP = WhatsApp()
BODY = '{"text":"perché no? 🙂"}'.encode()
META = credentials()
DIGEST = hmac.new(META.app_secret.encode(), BODY, hashlib.sha256).hexdigest()
PROVIDER = msgspec.structs.replace(META, signature="token", signature_header="X-Provider-Secret")


def trusted(account: Credentials, headers: Mapping[str, str], body: bytes) -> bool:
    """As the endpoint asks: the one header, if it is there, as the bytes that came."""
    signature = WHATSAPP.signature(account)
    given = headers.get(signature.header.decode())
    return given is not None and signature.ok(given.encode("utf-8", "surrogateescape"), body)


@pytest.mark.parametrize("digest", [DIGEST, DIGEST.upper(), DIGEST.title()])
def test_the_right_signature_is_trusted_however_its_letters_are_written(digest: str) -> None:
    assert trusted(META, {"x-hub-signature-256": f"sha256={digest}"}, BODY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": DIGEST},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": f"sha1={DIGEST}"},
        {"x-hub-signature-256": f"sha256={DIGEST[:-1]}"},
        {"x-hub-signature-256": f"sha256={DIGEST}0"},
        {"x-hub-signature-256": "sha256=" + "è" * 64},
        {"x-hub-signature-256": "sha256=\udcff"},
        {"x-hub-signature": f"sha256={DIGEST}"},
    ],
)
def test_a_missing_or_malformed_signature_is_not_trusted(headers: dict[str, str]) -> None:
    assert not trusted(META, headers, BODY)


def test_one_changed_byte_breaks_the_signature() -> None:
    assert not trusted(META, {"x-hub-signature-256": f"sha256={DIGEST}"}, BODY + b" ")


@given(secret=st.text(min_size=1, max_size=200), body=st.binary(max_size=2000))
def test_every_secret_and_body_is_signed_as_the_standard_library_signs(secret: str, body: bytes) -> None:
    account = msgspec.structs.replace(META, app_secret=secret)
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    signature = WHATSAPP.signature(account)
    for _ in range(2):  # the key's states are kept: they must not be used up
        assert signature.ok(f"sha256={digest}".encode(), body)
        assert not signature.ok(f"sha256={digest}".encode(), body + b" ")


def test_without_a_secret_nothing_is_trusted_not_even_what_is_signed_with_nothing() -> None:
    empty = hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    nobody = msgspec.structs.replace(META, app_secret="")
    assert not trusted(nobody, {"x-hub-signature-256": f"sha256={empty}"}, BODY)
    silent = msgspec.structs.replace(PROVIDER, app_secret="")
    assert not trusted(silent, {"x-provider-secret": ""}, BODY)


def test_a_provider_repeats_the_secret_that_we_gave_it() -> None:
    assert trusted(PROVIDER, {"x-provider-secret": PROVIDER.app_secret}, BODY)
    assert not trusted(PROVIDER, {"x-provider-secret": PROVIDER.app_secret.upper()}, BODY)
    assert not trusted(PROVIDER, {"x-hub-signature-256": f"sha256={DIGEST}"}, BODY)


def test_an_unknown_scheme_trusts_nobody() -> None:
    odd = msgspec.structs.replace(META, signature="none")
    assert not trusted(odd, {"x-hub-signature-256": f"sha256={DIGEST}"}, BODY)


def test_the_handshake_repeats_the_challenge_to_who_knows_the_token() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": META.verify_token}
    assert WHATSAPP.handshake(META, query) == "1158201444"


@pytest.mark.parametrize(
    "change", [{"hub.mode": "unsubscribe"}, {"hub.verify_token": "altro"}, {"hub.verify_token": ""}]
)
def test_the_handshake_answers_nobody_else(change: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": META.verify_token, **change}
    assert WHATSAPP.handshake(META, query) is None


def test_a_sender_without_verify_token_answers_no_handshake() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}
    assert WHATSAPP.handshake(msgspec.structs.replace(META, verify_token=""), query) is None
