# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of the road in: who may knock, what is stored before the 200, and what is never a 500."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from arengo.core.database import ReconnectingConnection
from arengo.core.vault import vault
from arengo.delivery.models import Sender
from arengo.intake.body import Bodies
from arengo.intake.endpoint import Endpoint
from arengo.intake.journal import Journal as Pen, JournalUnavailable
from arengo.intake.models import Journal
from tests.support.waiting import NEVER

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "sandbox-app-secret"
MOST = 3 * 1024 * 1024


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def knock(
    key: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    method: str = "POST",
    query: str = "",
    chunk: int = 65536,
) -> tuple[int, bytes]:
    """One request to a fresh endpoint, as an ASGI server makes it; its status and body."""

    async def once() -> tuple[int, bytes]:
        endpoint = Endpoint(most_bytes=MOST)
        parts = [body[at : at + chunk] for at in range(0, len(body), chunk)] or [b""]
        messages = [
            {"type": "http.request", "body": part, "more_body": index < len(parts) - 1}
            for index, part in enumerate(parts)
        ]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": f"/hooks/{key}",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        }
        await endpoint(scope, receive, send)
        await endpoint.close()
        return sent[0]["status"], sent[1]["body"]

    return async_to_sync(once)()


def test_a_signed_webhook_is_in_the_journal_sealed_when_200_is_said(sender: Sender) -> None:
    body = json.dumps({"object": "whatsapp_business_account", "entry": []}).encode()
    assert knock(sender.hook_key, body, signed(body)) == (200, b"")
    row = Journal.objects.get()
    assert row.sender_id == sender.pk
    assert b"whatsapp" not in bytes(row.body_sealed)
    assert vault().open(row.body_sealed, purpose="journal") == body


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": "sha1=00"},
        {"x-hub-signature-256": "sha256=" + "0" * 64},
        {"x-hub-signature-256": "è" * 10},
    ],
)
def test_an_unsigned_or_wrongly_signed_webhook_is_refused_and_nothing_is_stored(
    sender: Sender, headers: dict[str, str]
) -> None:
    assert knock(sender.hook_key, b"{}", headers)[0] == 401
    assert Journal.objects.count() == 0


def test_a_signature_by_another_secret_or_over_another_body_is_refused(sender: Sender) -> None:
    assert knock(sender.hook_key, b"{}", signed(b"{}", "another secret"))[0] == 401
    assert knock(sender.hook_key, b"{ }", signed(b"{}"))[0] == 401
    assert Journal.objects.count() == 0


def test_a_body_over_three_megabytes_is_refused_whether_it_says_so_or_not(sender: Sender) -> None:
    body = b"x" * (MOST + 1)
    assert knock(sender.hook_key, body, signed(body))[0] == 413
    assert knock(sender.hook_key, body, {"content-length": str(MOST + 1)} | signed(body))[0] == 413
    assert knock(sender.hook_key, body * 23, chunk=MOST)[0] == 413
    assert Journal.objects.count() == 0


def test_a_body_of_exactly_three_megabytes_is_stored(sender: Sender) -> None:
    body = b"x" * MOST
    assert knock(sender.hook_key, body, signed(body))[0] == 200
    assert Journal.objects.count() == 1


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe", b"[]", b"null", b'{"entry": 3}'])
def test_what_is_not_json_but_signed_is_stored_all_the_same(sender: Sender, body: bytes) -> None:
    assert knock(sender.hook_key, body, signed(body))[0] == 200
    assert Journal.objects.count() == 1


@pytest.mark.parametrize("key", ["", "nobody", "a" * 65, "../../etc", "%00"])
def test_an_unknown_address_is_404(sender: Sender, key: str) -> None:
    assert knock(key, b"{}", signed(b"{}"))[0] == 404


@pytest.mark.parametrize(
    "key",
    ["\x00", "a\x00b", "\ufffd\ufffd", "x" * 65, "x" * 10_000, "\ud83d", "a/b", "é", "a b", "..", "a\n"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_no_key_looks_like_is_404_and_asks_no_database(
    monkeypatch: pytest.MonkeyPatch, key: str, method: str
) -> None:
    async def never(_kept: ReconnectingConnection) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(ReconnectingConnection, "get", never)
    assert knock(key, b"{}", signed(b"{}"), method=method)[0] == 404


def test_only_get_and_post_are_answered(sender: Sender) -> None:
    assert knock(sender.hook_key, method="PUT")[0] == 405


def test_the_handshake_repeats_the_challenge_to_who_knows_the_token(sender: Sender) -> None:
    query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    assert knock(sender.hook_key, method="GET", query=query + "sandbox-verify-token") == (200, b"1158201444")
    assert knock(sender.hook_key, method="GET", query=query + "wrong")[0] == 403
    assert knock(sender.hook_key, method="GET")[0] == 403


def test_a_journal_that_cannot_be_written_means_503_and_nothing_acknowledged(sender: Sender) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_journal ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
    try:
        assert knock(sender.hook_key, b"{}", signed(b"{}"))[0] == 503
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE intake_journal DROP CONSTRAINT full_disk")
    assert Journal.objects.count() == 0


def test_bodies_that_arrive_together_share_one_commit(sender: Sender) -> None:
    async def many() -> None:
        import asyncio

        writer = Pen()
        await asyncio.gather(*(writer.append(sender.pk, b"%d" % number) for number in range(300)))
        await writer.close()

    async_to_sync(many)()
    assert Journal.objects.count() == 300
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM intake_journal")
        commits = cursor.fetchone()[0]
    assert commits <= 3


def test_the_writer_rests_while_few_wait_and_goes_on_when_they_are_many(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arengo.intake.journal._TOGETHER", 3600.0)

    async def company() -> None:
        writer = Pen()
        await writer.append(sender.pk, b"the first after a silence is stored at once")
        few = [asyncio.create_task(writer.append(sender.pk, b"%d" % number)) for number in range(15)]
        await asyncio.sleep(0.1)
        assert not any(task.done() for task in few)
        async with asyncio.timeout(NEVER):
            await asyncio.gather(*few, writer.append(sender.pk, b"the sixteenth"))
        await writer.close()

    async_to_sync(company)()
    assert Journal.objects.count() == 17


def test_a_flood_that_memory_cannot_hold_is_refused_not_stored_by_halves(sender: Sender) -> None:
    async def flood() -> list[object]:
        import asyncio

        writer = Pen()
        big = b"x" * (3 * 1024 * 1024)
        results = await asyncio.gather(
            *(writer.append(sender.pk, big) for _ in range(30)), return_exceptions=True
        )
        await writer.close()
        return list(results)

    results = async_to_sync(flood)()
    refused = [result for result in results if isinstance(result, JournalUnavailable)]
    assert refused
    assert Journal.objects.count() == len(results) - len(refused)


def test_a_body_that_never_comes_is_not_waited_for_and_others_are_not_cut_off() -> None:
    async def nothing_comes() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("never reached")

    async def a_part_and_then_nothing() -> dict[str, Any]:
        if not begun:
            begun.append(True)
            return {"type": "http.request", "body": b"{", "more_body": True}
        return await nothing_comes()

    async def soon() -> dict[str, Any]:
        await asyncio.sleep(0.2)
        return {"type": "http.request", "body": b"{}", "more_body": False}

    begun: list[bool] = []

    async def all_of_them() -> None:
        strict = Bodies(most_bytes=MOST, within=0.1)
        late = [strict.read(nothing_comes), strict.read(a_part_and_then_nothing), strict.read(nothing_comes)]
        patient = Bodies(most_bytes=MOST)
        *found, body = await asyncio.gather(*late, patient.read(soon), return_exceptions=True)
        assert [type(error) for error in found] == [TimeoutError] * 3
        assert body == b"{}"
        # The alarm is set again for whoever comes after the last was late; to be on time leaves nothing behind.
        with pytest.raises(TimeoutError):
            await strict.read(nothing_comes)
        # Who ends the request ends it: that is no slow body.
        reading = asyncio.create_task(patient.read(nothing_comes))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    async_to_sync(all_of_them)()


def test_each_has_all_its_time_whoever_began_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """One alarm serves all: it must not end those who began later together with the first."""

    async def two() -> None:
        loop = asyncio.get_running_loop()
        real, ahead = loop.time, 0.0
        monkeypatch.setattr(loop, "time", lambda: real() + ahead)
        bodies = Bodies(most_bytes=MOST)
        comes = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await comes.wait()
            return {"type": "http.request", "body": b"{}", "more_body": False}

        first = asyncio.create_task(bodies.read(receive))
        await asyncio.sleep(0)
        ahead = 20.0
        second = asyncio.create_task(bodies.read(receive))
        await asyncio.sleep(0)
        ahead = 35.0
        with pytest.raises(TimeoutError):
            await first
        comes.set()
        assert await second == b"{}"

    async_to_sync(two)()


def test_who_goes_away_while_writing_is_let_go() -> None:
    gone = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return gone.pop(0)

    async def read() -> None:
        with pytest.raises(ConnectionResetError):
            await Bodies(most_bytes=MOST).read(receive)

    async_to_sync(read)()
