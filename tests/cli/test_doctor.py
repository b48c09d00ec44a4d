# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each thing that the doctor looks at is OK when it is, and has a remedy when it is not."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from arengo.cli import doctor
from arengo.core.health import beat
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.intake.models import SecondResponder, Silence
from tests.factories.platforms import credentials
from tests.support.clamd import speaking


class Provider(NamedTuple):
    """A provider, and our own public address, for as long as a test lasts."""

    url: str
    handler: type[Handler]


class Handler(BaseHTTPRequestHandler):
    clock_off = 0.0
    accepts = True
    date: str | None = None  # None: the right one

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        challenge = query.get("hub.challenge", [""])[0]
        if self.path.startswith("/hooks/"):
            status, body = 200, challenge.encode()
        elif self.accepts:
            status, body = 200, b'{"id":"100000000000001"}'
        else:
            status, body = 401, b'{"error":{"message":"no","type":"OAuthException","code":190}}'
        self.send_response_only(status)
        right = formatdate(time.time() + self.clock_off, usegmt=True)
        self.send_header("Date", right if self.date is None else self.date)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    handler = type("OneTestsHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    settings.PUBLIC_URL = url
    yield Provider(url, handler)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def at_provider(provider: Provider, sender: Sender) -> Sender:
    sender.credentials = credentials(provider.url)
    sender.save()
    return sender


def remedies() -> list[str]:
    return [finding.remedy for finding in doctor.senders() if finding.remedy]


@pytest.mark.usefixtures("scope", "at_provider")
def test_a_sender_in_order_needs_nothing() -> None:
    assert remedies() == []


@pytest.mark.usefixtures("scope", "at_provider")
def test_refused_credentials_are_shown_with_the_providers_code(provider: Provider) -> None:
    provider.handler.accepts = False
    (remedy,) = remedies()
    assert "190" in remedy


@pytest.mark.usefixtures("scope", "at_provider")
def test_an_address_that_is_not_public_is_said_with_the_way_to_allow_it(
    provider: Provider, settings: Settings
) -> None:
    settings.ARENGO_ALLOWED_ADDRESSES = []
    (remedy,) = remedies()
    allow = remedy.partition("ARENGO_ALLOWED_ADDRESSES=")[2]
    assert allow == provider.url.removeprefix("http://")
    settings.ARENGO_ALLOWED_ADDRESSES = [allow]
    assert remedies() == []


@pytest.mark.usefixtures("scope")
def test_secrets_of_another_address_are_said_and_not_sent(at_provider: Sender, provider: Provider) -> None:
    elsewhere = credentials("https://waba.example.test")
    at_provider.credentials = msgspec.structs.replace(elsewhere, base_url=provider.url)
    at_provider.save()
    (remedy,) = remedies()
    assert "di un altro indirizzo" in remedy


@pytest.mark.usefixtures("scope", "at_provider")
@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 99999 99:99:99 GMT", "9" * 300])
def test_a_provider_that_tells_no_time_is_no_fault(provider: Provider, date: str) -> None:
    provider.handler.date = date
    assert remedies() == []


@pytest.mark.usefixtures("scope", "at_provider")
def test_a_clock_that_is_wrong_is_found(provider: Provider) -> None:
    provider.handler.clock_off = 120
    (remedy,) = remedies()
    assert "NTP" in remedy


@pytest.mark.usefixtures("scope", "at_provider")
def test_webhooks_that_do_not_arrive_here_are_found(settings: Settings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    (remedy,) = remedies()
    assert "ARENGO_PUBLIC_URL" in remedy


@pytest.mark.usefixtures("scope")
def test_a_stopped_sender_says_why(at_provider: Sender) -> None:
    Sender.objects.update(state=Sender.State.STOPPED, stop_reason="manca il pagamento")
    (remedy,) = remedies()
    assert "manca il pagamento" in remedy


@pytest.mark.usefixtures("scope")
def test_a_second_responder_and_a_long_silence_are_said(at_provider: Sender) -> None:
    now = timezone.now()
    SecondResponder.objects.create(pk=at_provider.pk, since=now, seen_at=now)
    Silence.objects.create(
        pk=at_provider.pk, since=now - timedelta(hours=5), usual_minutes=120, answer="nobody"
    )
    second, silent = remedies()
    assert "un altro risponditore è collegato a questo numero" in second
    assert "non arriva nulla da 5 h" in silent
    assert "non consegna a nessuno" in silent
    SecondResponder.objects.update(acknowledged_at=now)
    assert len(remedies()) == 1


@pytest.mark.usefixtures("scope")
def test_credentials_sealed_with_lost_keys_are_found(at_provider: Sender) -> None:
    Sender.objects.update(credentials_sealed=b"\x01\x04lost" + bytes(40))
    (remedy,) = remedies()
    assert "ARENGO_VAULT_KEYS" in remedy


@pytest.mark.django_db
def test_no_sender_is_no_fault() -> None:
    assert remedies() == []


@pytest.mark.django_db
def test_a_worker_that_lives_is_seen() -> None:
    assert doctor.worker().remedy
    beat("test", "worker")
    assert not doctor.worker().remedy


@pytest.mark.django_db
def test_database_and_its_tables_are_in_order() -> None:
    assert not doctor.database().remedy
    assert not doctor.migrations().remedy
    assert not doctor.database_clock().remedy


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not doctor.disk(tmp_path).remedy
    usage = shutil._ntuple_diskusage(10, 9, 1)  # type: ignore[attr-defined]  # the type of its answer
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert doctor.disk(tmp_path).remedy


def test_a_decoder_of_pictures_that_does_not_start_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not doctor.pictures().remedy
    monkeypatch.setattr("arengo.core.images.opening._DECODER", Path("/nowhere/decoder.py"))
    assert "make setup" in doctor.pictures().remedy


def test_an_antivirus_that_is_away_is_found_and_none_is_no_fault(settings: Settings, tmp_path: Path) -> None:
    assert list(doctor.scanner()) == []
    settings.ARENGO_CLAMD = str(tmp_path / "clamd.ctl")
    assert ["clamd" in finding.remedy for finding in doctor.scanner()] == [True]
    with speaking(tmp_path):
        assert [finding.remedy for finding in doctor.scanner()] == [""]


def test_a_missing_vault_key_is_found(settings: Settings) -> None:
    settings.ARENGO_VAULT_KEYS = ""
    assert any("ARENGO_VAULT_KEYS" in finding.remedy for finding in doctor.settings())


@pytest.mark.django_db
def test_nothing_personal_is_printed(esempio: Organization, sender: Sender) -> None:
    printed = " ".join(f"{finding.what} {finding.remedy}" for finding in doctor.senders())
    assert sender.credentials.token not in printed
    assert sender.credentials.app_secret not in printed
