# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import base64
import os
import re
import secrets
from pathlib import Path

import pytest

from arengo.config import environment, kinds
from arengo.core.vault import new_key

EVERYWHERE = "0.0.0.0"  # noqa: S104  # nothing listens there: the start is refused, or only looked at
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manuale" / "gestione.md"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "arengo"
_ROW = re.compile(r"^\|\s*`([A-Z_]+)`\s*\|\s*(.*?)\s*\|", re.MULTILINE)


def test_the_manual_lists_exactly_the_settings_that_there_are() -> None:
    assert sorted(name for name, _default in _ROW.findall(MANUAL.read_text())) == sorted(
        setting.name for setting in environment.TABLE
    )


def test_the_manual_names_the_same_defaults() -> None:
    reported = dict(_ROW.findall(MANUAL.read_text()))
    for setting in environment.TABLE:
        assert setting.default in reported[setting.name].replace("`", ""), setting.name


def test_every_variable_of_ours_that_the_code_reads_is_in_the_table() -> None:
    read = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r'(?:value|items)\("((?:ARENGO|SANDBOX)_[A-Z_]+)"\)', path.read_text())
    }
    assert read <= {setting.name for setting in environment.TABLE}


def test_an_empty_variable_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_PORT", "  ")
    assert environment.value("ARENGO_PORT") == "8000"


def test_a_name_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        environment.value("ARENGO_NOTHING")


def test_a_list_is_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_HOSTS", "a.test, b.test,,")
    assert environment.items("ARENGO_HOSTS") == ["a.test", "b.test"]


def test_production_never_makes_up_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARENGO_SECRET_KEY", raising=False)
    monkeypatch.setenv("ARENGO_ENV", "production")
    assert environment.secret_key() == ""
    monkeypatch.setenv("ARENGO_ENV", "development")
    assert len(environment.secret_key()) >= 50


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which nothing of ours is set."""
    for name in os.environ:
        if name.upper().startswith("ARENGO") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture
def production(bare: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A production installation in which nothing is wrong."""
    bare.setenv("ARENGO_ENV", "production")
    bare.setenv("ARENGO_PUBLIC_URL", "https://arengo.comune.example.it")
    bare.setenv("ARENGO_SECRET_KEY", secrets.token_urlsafe(50))
    bare.setenv("ARENGO_VAULT_KEYS", new_key("k1"))
    assert reported() == ""
    return bare


def reported() -> str:
    return "; ".join(problem.in_words() for problem in environment.problems())


def test_nothing_set_is_nothing_wrong(bare: pytest.MonkeyPatch) -> None:
    assert reported() == ""
    assert not environment.is_production()


@pytest.mark.parametrize(
    "word",
    [
        "Production",
        "PRODUCTION",
        "prod",
        "produzione",
        "staging",
        "productoin",
        "true",
        "development,production",
        "dev",
    ],
)
def test_an_unknown_kind_of_installation_stops_the_start_and_is_never_taken_for_development(
    bare: pytest.MonkeyPatch, word: str
) -> None:
    bare.setenv("ARENGO_ENV", word)
    assert environment.is_production()
    assert "ARENGO_ENV" in reported()
    assert "production, development" in reported()


@pytest.mark.parametrize("url", ["https://arengo.comune.example.it", "HTTPS://arengo.comune.example.it/"])
def test_a_public_https_address_implies_production(bare: pytest.MonkeyPatch, url: str) -> None:
    bare.setenv("ARENGO_PUBLIC_URL", url)
    assert environment.is_production()
    assert "ARENGO_SECRET_KEY" in reported()
    bare.setenv("ARENGO_ENV", "development")
    assert "ARENGO_ENV=development" in reported()


def test_production_wants_an_https_address(production: pytest.MonkeyPatch) -> None:
    production.setenv("ARENGO_PUBLIC_URL", "http://arengo.comune.example.it")
    assert "https://" in reported()
    production.delenv("ARENGO_PUBLIC_URL")
    assert "https://" in reported()


WRONG = [
    ("ARENGO_PORT", "http"),
    ("ARENGO_PORT", "0"),
    ("ARENGO_PORT", "70000"),
    ("ARENGO_PORT", "tcp://10.0.0.1:80"),
    ("ARENGO_PORT", "8000 8001"),
    ("ARENGO_PORT", "٨٠٠٠"),
    ("SANDBOX_PORT", "x"),
    ("ARENGO_WEB_PROCESSES", "0"),
    ("ARENGO_WEB_PROCESSES", "many"),
    ("ARENGO_WEB_PROCESSES", "-1"),
    ("ARENGO_JOURNAL_DAYS", "7"),
    ("ARENGO_JOURNAL_DAYS", "14.5"),
    ("ARENGO_JOURNAL_DAYS", "9" * 5000),
    ("ARENGO_DELIVERY_DAYS", "34"),
    ("ARENGO_DELIVERY_DAYS", "90 days"),
    ("ARENGO_PUBLIC_URL", "arengo.example.it"),
    ("ARENGO_PUBLIC_URL", "https://"),
    ("ARENGO_PUBLIC_URL", "https://a.example.it/console"),
    ("ARENGO_PUBLIC_URL", "https://user:word@a.example.it"),
    ("ARENGO_PUBLIC_URL", "https://a.example.it:port"),
    ("ARENGO_PUBLIC_URL", "https://a.example.it?x=1"),
    ("ARENGO_PUBLIC_URL", "ftp://a.example.it"),
    ("ARENGO_PUBLIC_URL", "javascript:alert(1)"),
    ("ARENGO_HOSTS", "https://a.example.it"),
    ("ARENGO_HOSTS", "a.example.it:8000"),
    ("ARENGO_HOSTS", "a.example.it, b/c"),
    ("ARENGO_HOSTS", "a b"),
    ("ARENGO_HOSTS", ".example.it"),
    ("ARENGO_BIND", "everywhere"),
    ("ARENGO_BIND", "300.0.0.1"),
    ("ARENGO_TRUSTED_PROXY", "maybe"),
    ("ARENGO_TRUSTED_PROXY", "proxy.example.it"),
    ("ARENGO_TRUSTED_PROXY", "0.0.0.0/0"),
    ("ARENGO_TRUSTED_PROXY", "10.0.0.1 10.0.0.2"),
    ("ARENGO_EMAIL_URL", "mail.example.it"),
    ("ARENGO_EMAIL_URL", "smtp://"),
    ("ARENGO_EMAIL_URL", "http://mail.example.it"),
    ("ARENGO_EMAIL_URL", "smtp://mail.example.it:smtp"),
    ("ARENGO_EMAIL_URL", "smtp://mail.example.it?ssl=1"),
    ("ARENGO_EMAIL_URL", "smtp://mail.example.it?tls=perhaps"),
    ("ARENGO_EMAIL_URL", "smtp://mail.example.it?tls=1&tls=0"),
    ("ARENGO_EMAIL_URL", "smtp://mail.example.it?tls"),
    ("ARENGO_EMAIL_URL", "smtps://mail.example.it?tls=0"),
    ("ARENGO_EMAIL_FROM", "sportello"),
    ("ARENGO_EMAIL_FROM", "a@b.example.it\nBcc: c@d.example.it"),
    ("ARENGO_METRICS_TOKEN", "short"),
    ("ARENGO_CHAT_URL", "wa.me"),
    ("ARENGO_LANGUAGE", "de"),
    ("ARENGO_VAULT_KEYS", "k1:notbase64!"),
    ("ARENGO_VAULT_KEYS", "k1:" + base64.b64encode(b"short").decode()),
    ("DATABASE_URL", "mysql://u:p@host/arengo"),
    ("DATABASE_URL", "postgresql://u:p@host:port/arengo"),
    ("DATABASE_URL", "postgresql://u:p@host:65536/arengo"),
    ("DATABASE_URL", "postgresql://u:p@one:5432,two:0/arengo"),
    ("DATABASE_URL", "postgresql://u:p@host/arengo?ssl_mode=require"),
    ("DATABASE_URL", "postgresql://u:100%zz@host/arengo"),
    ("DATABASE_URL", "host=/run/postgresql dbname=arengo"),
]


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_value_that_is_not_understood_stops_the_start_in_development_too(
    bare: pytest.MonkeyPatch, name: str, text: str
) -> None:
    bare.setenv("ARENGO_ENV", "development")
    bare.setenv(name, text)
    assert name in reported()
    assert "\n" not in reported()


@pytest.mark.parametrize(
    "setting", [setting for setting in environment.TABLE if setting.secret], ids=lambda given: given.name
)
def test_what_is_secret_is_never_quoted(bare: pytest.MonkeyPatch, setting: environment.Setting) -> None:
    bare.setenv("ARENGO_ENV", "production")
    bare.setenv(setting.name, "hunter2\thunter2")
    assert "hunter2" not in reported()


def test_every_setting_of_the_table_has_a_kind_that_allows_its_default(bare: pytest.MonkeyPatch) -> None:
    for setting in environment.TABLE:
        assert not setting.default or setting.kind.fits(setting.default, production=False), setting.name
        assert setting.kind.allowed % setting.kind.values


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ARENGO_VAULT_KEY", "ARENGO_VAULT_KEYS"),
        ("ARENGO_TRUSTED_PROXIES", "ARENGO_TRUSTED_PROXY"),
        ("ARENGO_HOST", "ARENGO_HOSTS"),
        ("ARENGO_ENVIRONMENT", "ARENGO_ENV"),
        ("arengo_env", "ARENGO_ENV"),
        ("ARENGOENV", "ARENGO_ENV"),
    ],
)
def test_a_typing_error_in_a_name_stops_production_and_is_told_in_development(
    production: pytest.MonkeyPatch, typed: str, meant: str
) -> None:
    production.setenv(typed, "whatever")
    assert f"{typed} non esiste: forse è {meant}" in reported()
    assert "whatever" not in reported()
    production.setenv("ARENGO_ENV", "development")
    production.delenv("ARENGO_PUBLIC_URL")
    assert reported() == ""
    assert [warning.values["name"] for warning in environment.warnings()] == [typed]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50,
        "only-for-tests-" * 5,
        "only-for-measuring-" * 4,
        "0123456789" * 6,
        "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm1",
        "1234567890qwertyuiopasdfghjklzxcvbnm1234567890qwertyuiop",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "django-insecure-3x!9k@2m$7q%5w^8e&1r*4t(6y)0u-a=b+c",
        "change-me-9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c",
        "nel mezzo del cammin di nostra vita mi ritrovai per una selva",
        "nelmezzodelcammindinostravitamiritrovaiperunaselvaoscura",
        bytes(range(32)).hex(),
        base64.b64encode(bytes(range(48))).decode(),
        "1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t1u2v3w4x5y6z7",
        "aA1!bB2@cC3#dD4$eE5%fF6^gG7&hH8*iI9(jJ0)kK-_lL=+mM[{nN",
        "178085d6" * 8,
        "UJsdGVIo7zhic9P9cft9xYSVQw" * 2,
        base64.b64encode(b"this is the signing key of the town of Esempio").decode(),
        b"the town of Esempio writes to its citizens".hex(),
        "short",
    ],
)
def test_a_key_that_chance_did_not_make_stops_production(production: pytest.MonkeyPatch, text: str) -> None:
    production.setenv("ARENGO_SECRET_KEY", text)
    assert "ARENGO_SECRET_KEY" in reported()
    production.setenv("ARENGO_SECRET_KEY", secrets.token_urlsafe(50))
    production.setenv("ARENGO_METRICS_TOKEN", text)
    assert "ARENGO_METRICS_TOKEN" in reported()


_HALF = bytes.fromhex("7277e86f0b5c91d24ea3f86715c0d98b")


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        b"a" * 32,
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(31, -1, -1)),
        bytes(number * 7 % 256 for number in range(32)),
        bytes(number * number % 256 for number in range(32)),
        b"0123456789abcdef0123456789abcdef",
        b"this is my very secret vault key",
        b"kJ8s2Lq0Zx7Vb4Nm1Pw6Rt3Yc9Ue5Ha8",
        _HALF + _HALF,
        _HALF + _HALF[::-1],
        bytes.fromhex("8367c5f7") * 8,
        bytes(16) + _HALF,
    ],
    ids=lambda key: key.hex()[:8],
)
def test_a_vault_key_that_chance_did_not_make_stops_production(
    production: pytest.MonkeyPatch, key: bytes
) -> None:
    production.setenv("ARENGO_VAULT_KEYS", f"{new_key('good')},old:{base64.b64encode(key).decode()}")
    assert "ARENGO_VAULT_KEYS" in reported()
    production.setenv("ARENGO_ENV", "development")
    production.delenv("ARENGO_PUBLIC_URL")
    assert reported() == ""


def test_keys_that_chance_made_pass() -> None:
    from django.core.management.utils import get_random_secret_key

    for _ in range(60):
        for text in (secrets.token_urlsafe(50), secrets.token_hex(32), get_random_secret_key()):
            assert kinds.Secret(50, always=False).fits(text, production=True), text
        for token in (secrets.token_urlsafe(32), secrets.token_hex(16)):
            assert kinds.Secret(32, always=True).fits(token, production=True), token
    for _ in range(500):
        assert kinds.VaultKeys().fits(new_key("k1"), production=True)


def test_two_secrets_are_not_the_same(production: pytest.MonkeyPatch) -> None:
    production.setenv("ARENGO_METRICS_TOKEN", os.environ["ARENGO_SECRET_KEY"])
    assert "diverse" in reported()


@pytest.mark.parametrize(
    ("url", "mail"),
    [
        (
            "smtp://utente:p%40ss@mail.example.it:587?tls=1",
            kinds.Mail("mail.example.it", 587, "utente", "p@ss", tls=True, ssl=False),
        ),
        ("smtp://mail.example.it?tls=no", kinds.Mail("mail.example.it", 587, "", "", tls=False, ssl=False)),
        ("smtps://u:p@mail.example.it", kinds.Mail("mail.example.it", 465, "u", "p", tls=False, ssl=True)),
    ],
)
def test_how_mail_leaves_is_read_wholly(bare: pytest.MonkeyPatch, url: str, mail: kinds.Mail) -> None:
    bare.setenv("ARENGO_EMAIL_URL", url)
    assert reported() == ""
    assert environment.mail() == mail


def test_in_production_mail_without_tls_has_to_be_said(production: pytest.MonkeyPatch) -> None:
    production.setenv("ARENGO_EMAIL_URL", "smtp://u:p@mail.example.it")
    assert "ARENGO_EMAIL_URL" in reported()
    production.setenv("ARENGO_EMAIL_URL", "smtp://mail.example.it:25?tls=0")
    assert reported() == ""


def test_in_production_hosts_are_named(production: pytest.MonkeyPatch) -> None:
    production.setenv("ARENGO_HOSTS", "*")
    assert "ARENGO_HOSTS" in reported()


def test_whoever_may_connect_and_is_believed_is_warned_about(production: pytest.MonkeyPatch) -> None:
    production.setenv("ARENGO_TRUSTED_PROXY", "sì")
    production.setenv("ARENGO_BIND", EVERYWHERE)
    assert any("ARENGO_TRUSTED_PROXY" in warning.in_words() for warning in environment.warnings())
    production.setenv("ARENGO_TRUSTED_PROXY", "10.20.0.1")
    assert not any("ARENGO_TRUSTED_PROXY" in warning.in_words() for warning in environment.warnings())
