# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mittenti: secrets belong to the address for which they were typed, and a foreign answer is shown in small pieces only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.platforms.contract import Credentials
from arengo.platforms.whatsapp.form import NumberForm
from tests.factories.core import STRANGER_HOST
from tests.factories.platforms import credentials

Browse = Callable[..., Client]
HERE = "https://waba.example.test/api"
NEW = {"token": "new-token-12345", "app_secret": "new-app-secret", "verify_token": "new-word"}


@pytest.fixture
def at_provider(scope: Organization, sender: Sender) -> Sender:
    sender.credentials = credentials(HERE)
    sender.save()
    return sender


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Il nome nuovo",
        "display_phone": "+39 055 1",
        "rate": "80",
        "base_url": HERE,
        "version": "v24.0",
        "number_id": "1",
        "account_id": "2",
        "token": "",
        "app_secret": "",
        "verify_token": "",
        "auth_header": "Authorization",
        "auth_prefix": "Bearer ",
        "signature": "sha256",
        "signature_header": "X-Hub-Signature-256",
        **changed,
    }


def address(sender: Sender, of: str = "sender") -> str:
    return reverse(f"settings:{of}", args=[sender.pk])


@pytest.mark.parametrize(
    "base_url",
    [
        "https://evil.example.test/api",
        "http://waba.example.test/api",
        "https://waba.example.test:8443/api",
        "https://waba.example.test",
        "https://waba.example.test/other",
        "https://waba.example.test/api/tenant",
        "https://waba.example.test/api/../other",
        "https://waba.example.test.evil.example/api",
    ],
)
def test_a_new_address_wants_the_secrets_again(
    at_provider: Sender, alice: Person, browse: Browse, base_url: str
) -> None:
    client = browse(alice)
    page = client.post(address(at_provider), typed(base_url=base_url))
    form = page.context["form"]
    assert page.status_code == 422
    assert set(form.errors) == set(NumberForm.secrets)
    assert "L’indirizzo del fornitore è cambiato" in page.text
    assert "Il nome nuovo" in page.text, "what was typed is still there"
    at_provider.refresh_from_db()
    assert at_provider.credentials == credentials(HERE)


@pytest.mark.parametrize("missing", NumberForm.secrets)
def test_not_one_of_the_old_secrets_goes_along(
    at_provider: Sender, alice: Person, browse: Browse, missing: str
) -> None:
    page = browse(alice).post(
        address(at_provider), typed(base_url="https://evil.example.test", **{**NEW, missing: ""})
    )
    assert set(page.context["form"].errors) == {missing}
    at_provider.refresh_from_db()
    assert at_provider.credentials == credentials(HERE)


def test_with_new_secrets_the_address_changes(at_provider: Sender, alice: Person, browse: Browse) -> None:
    new = "https://other.example.test"
    assert browse(alice).post(address(at_provider), typed(base_url=new, **NEW)).status_code == 302
    at_provider.refresh_from_db()
    kept = at_provider.credentials
    assert (kept.base_url, kept.token, kept.app_secret, kept.verify_token) == (new, *NEW.values())
    assert kept.origin == "https://other.example.test:443"
    entry = AuditEntry.objects.get(verb="delivery.changed_sender")
    assert {"base_url", "token"} <= set(entry.detail["changed"])
    assert not any(secret in str(entry.detail) for secret in NEW.values())


@pytest.mark.parametrize(
    "base_url",
    ["https://WABA.example.test:443/api/", "HTTPS://waba.Example.test/api", "https://waba.example.test./api"],
)
def test_the_same_address_in_another_spelling_keeps_the_secrets(
    at_provider: Sender, alice: Person, browse: Browse, base_url: str
) -> None:
    assert browse(alice).post(address(at_provider), typed(base_url=base_url)).status_code == 302
    at_provider.refresh_from_db()
    assert (at_provider.credentials.token, at_provider.credentials.origin) == (
        credentials().token,
        "https://waba.example.test:443/api",
    )


@pytest.mark.parametrize(
    "changed", [{"auth_header": "X-Key"}, {"number_id": "9"}, {"version": "v25.0"}, {"rate": "9"}]
)
def test_another_value_at_the_same_address_keeps_the_secrets(
    at_provider: Sender, alice: Person, browse: Browse, changed: dict[str, str]
) -> None:
    assert browse(alice).post(address(at_provider), typed(**changed)).status_code == 302
    at_provider.refresh_from_db()
    assert at_provider.credentials.token == credentials().token


def test_an_address_that_was_changed_past_the_form_wants_the_secrets_again(
    at_provider: Sender, alice: Person, browse: Browse
) -> None:
    at_provider.credentials = msgspec.structs.replace(
        at_provider.credentials, base_url="https://evil.example.test"
    )
    at_provider.save()
    page = browse(alice).post(address(at_provider), typed(base_url="https://evil.example.test"))
    assert set(page.context["form"].errors) == set(NumberForm.secrets)


@pytest.mark.parametrize(
    "changed",
    [
        {"base_url": "https://user@waba.example.test/api"},
        {"base_url": "https://waba.example.test@evil.example.test/api"},
        {"base_url": "https://waba.example.test/api?x="},
        {"base_url": "https://waba.example.test/api#"},
        {"base_url": "https://waba.example.test/a b"},
        {"base_url": "https://waba.example.test\\@evil.example.test/"},
        {"base_url": "https://" + "a" * 600 + ".test"},
        {"base_url": ""},
        {"number_id": ".."},
        {"number_id": "../../other"},
        {"number_id": "1?x="},
        {"account_id": "2#"},
        {"auth_header": "Host"},
        {"auth_header": "transfer-encoding"},
        {"auth_prefix": "Bearer \r\nX: "},
        {"token": "with a space"},
        {"token": "è"},
        {"token": "a\r\nX-Other: b"},
        {"token": "a\x00b"},
    ],
)
def test_values_that_would_bend_a_request_are_refused_with_a_reason(
    at_provider: Sender, alice: Person, browse: Browse, changed: dict[str, str]
) -> None:
    page = browse(alice).post(address(at_provider), typed(**changed))
    assert page.status_code == 422
    assert set(changed) <= set(page.context["form"].errors)
    at_provider.refresh_from_db()
    assert at_provider.credentials == credentials(HERE)


@pytest.mark.parametrize(
    "base_url",
    ["http://127.0.0.1:9", "http://localhost:9", "https://10.0.0.1", "http://169.254.169.254/latest", "http://[::1]:9",
     "http://[::ffff:10.0.0.1]"],
)  # fmt: skip
def test_an_address_of_a_private_network_is_refused_at_once(
    at_provider: Sender, alice: Person, browse: Browse, settings: Settings, base_url: str
) -> None:
    settings.ARENGO_ALLOWED_ADDRESSES = []
    page = browse(alice).post(address(at_provider), typed(base_url=base_url, **NEW))
    assert "ARENGO_ALLOWED_ADDRESSES" in str(page.context["form"].errors["base_url"])
    at_provider.refresh_from_db()
    assert at_provider.credentials == credentials(HERE)


def test_a_new_sender_has_its_own_origin(scope: Organization, alice: Person, browse: Browse) -> None:
    assert browse(alice).post(reverse("settings:sender_new"), typed(**NEW)).status_code == 302
    assert Sender.objects.get().credentials.origin == "https://waba.example.test:443/api"


# --- Prova, against a listener that is not the provider -------------------------------------------------------


class Listener(BaseHTTPRequestHandler):
    """Somebody else's server: notes what comes, and answers with whatever it likes."""

    heard: ClassVar[list[str]]
    answer: ClassVar[bytes]
    status: ClassVar[int]

    def do_GET(self) -> None:
        self.heard.append(str(self.headers))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[tuple[str, type[Listener]]]:
    class One(Listener):
        heard: ClassVar[list[str]] = []
        answer = b"{}"
        status = 200

    server = ThreadingHTTPServer(("127.0.0.1", 0), One)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", One
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_foreign_listener_hears_no_token_whatever_is_pressed(
    at_provider: Sender, alice: Person, browse: Browse, listener: tuple[str, type[Listener]]
) -> None:
    url, foreign = listener
    client = browse(alice)
    client.post(address(at_provider), typed(base_url=url))
    client.post(address(at_provider, "sender_try"))
    # And if the address had been changed behind the form's back:
    at_provider.credentials = msgspec.structs.replace(at_provider.credentials, base_url=url)
    at_provider.save()
    page = client.post(address(at_provider, "sender_try"))
    client.post(address(at_provider, "sender_subscribe"))
    assert foreign.heard == []
    assert "per un altro indirizzo" in page.text


def test_a_listener_on_a_private_network_hears_nothing_though_its_secrets_are_its_own(
    at_provider: Sender,
    alice: Person,
    browse: Browse,
    listener: tuple[str, type[Listener]],
    settings: Settings,
) -> None:
    url, foreign = listener
    at_provider.credentials = credentials(url)
    at_provider.save()
    settings.ARENGO_ALLOWED_ADDRESSES = []
    page = browse(alice).post(address(at_provider, "sender_try"))
    assert foreign.heard == []
    assert "ARENGO_ALLOWED_ADDRESSES" in page.text


def test_of_a_foreign_answer_only_known_fields_are_shown_and_little_of_each(
    at_provider: Sender, alice: Person, browse: Browse, listener: tuple[str, type[Listener]]
) -> None:
    url, foreign = listener
    at_provider.credentials = credentials(url)
    at_provider.save()
    token = at_provider.credentials.token
    foreign.answer = msgspec.json.encode(
        {
            "verified_name": f"Comune\u202e di {token} " + "x" * 5000,
            "quality_rating": {"secret": "INTERNAL-VALUE"},
            "throughput": {"level": "HIGH", "other": "INTERNAL-VALUE"},
            "health_status": {"can_send_message": "AVAILABLE", "entities": ["INTERNAL-VALUE"]},
            "root:x:0:0": "INTERNAL-VALUE",
            "<script>": "INTERNAL-VALUE",
            "platform_type": ["INTERNAL-VALUE"],
            "name_status": None,
            "headers": {"Authorization": f"Bearer {token}"},
        }
    )
    page = browse(alice).post(address(at_provider, "sender_try"))
    assert len(foreign.heard) == 1
    described = dict(page.context["described"])
    assert described.keys() == {"Nome verificato", "Velocità", "Può inviare"}
    assert len(described["Nome verificato"]) <= 100
    assert described["Velocità"] == "alta"
    for hidden in (token, "INTERNAL-VALUE", "\u202e", "root:x"):
        assert hidden not in page.text
    assert token not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize("status", [200, 400, 401, 500])
@pytest.mark.parametrize(
    "answer",
    [
        b"root:x:0:0:root:/root:/bin/bash\n" * 10,
        b'{"a":' * 50_000,
        b'{"verified_name":' + b"9" * 5000 + b"}",
        b'{"error":{"code":' + b"9" * 5000 + b',"message":"INTERNAL-VALUE"}}',
        b'{"error":{"code":1,"message":"' + b"m" * 30_000 + b'"}}',
        b"x" * 3_000_000,
        b'{"verified_name":"a\\u0000b"}',
        b'["INTERNAL-VALUE"]',
        b'"INTERNAL-VALUE"',
        b"\xff\xfe",
    ],
)
def test_no_answer_breaks_the_page(
    at_provider: Sender,
    alice: Person,
    browse: Browse,
    listener: tuple[str, type[Listener]],
    answer: bytes,
    status: int,
) -> None:
    url, foreign = listener
    at_provider.credentials = credentials(url)
    at_provider.save()
    foreign.answer, foreign.status = answer, status
    page = browse(alice).post(address(at_provider, "sender_try"))
    assert page.status_code == 200
    assert "root:x" not in page.text
    assert "INTERNAL-VALUE" not in page.text
    assert len(page.content) < 60_000


def test_carlo_of_another_organization_changes_no_address(
    at_provider: Sender, carlo: Person, browse: Browse
) -> None:
    client = browse(carlo, STRANGER_HOST)
    assert (
        client.post(address(at_provider), typed(base_url="https://a.example.test", **NEW)).status_code == 404
    )
    assert client.post(address(at_provider, "sender_try")).status_code == 404
    with organization_scope(at_provider.organization):
        kept: Credentials = Sender.objects.get().credentials
    assert kept == credentials(HERE)
