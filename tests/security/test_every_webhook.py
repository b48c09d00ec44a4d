# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks of every kind with each leaf replaced by what no platform sends, through the real endpoint and reader.

None is stuck, none stops its neighbours, and every page that then shows something of it opens.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.inbox import THREAD
from arengo.desk.models import Conversation, Message
from arengo.intake import reader
from arengo.intake.endpoint import Endpoint
from arengo.intake.models import Journal
from tests.factories.platforms import NUMBER_ID
from tests.security.town import said, webhook
from tests.security.visiting import why

pytestmark = pytest.mark.django_db(transaction=True)

# As JSON writes them: numbers and escapes that Python could not write are among them.
HOSTILE = {
    "null": "null",
    "true": "true",
    "list": "[]",
    "object": '{"a": 1}',
    "empty": '""',
    "NUL": r'"a\u0000b"',
    "half a surrogate": r'"a\ud83db"',
    "5,000 digits": "9" * 5000,
    "5,000 digits in a word": f'"{"9" * 5000}"',
    "1e400": "1e400",
    "negative": "-1",
    "past the year 9999": "253402300800",
    "the last second of 9999": '"253402300799"',
    "past bigint": '"9223372036854775808"',
    "past integer": "2147483648",
    "long": f'"{"x" * 100_000}"',
    "turned round": '"\\u202e\\u2066abc"',
    "script": '"\'><script>alert(1)</script>"',
    "broken UTF-8": None,
}
_MARK = "☛here☚"


def samples() -> Iterator[tuple[str, dict[str, Any]]]:
    """One webhook of each kind, as JSON."""
    file = {"id": "media-1", "mime_type": "image/jpeg", "sha256": "x", "caption": "foto", "filename": "a.jpg"}
    pressed = {"type": "button_reply", "button_reply": {"id": "1", "title": "Sì"}}
    card = {"name": {"formatted_name": "Bruno"}, "phones": [{"phone": "+39 055 000"}]}
    place = {"latitude": 43.77, "longitude": 11.25, "name": "Piazza", "address": "Via Roma"}
    kinds: dict[str, Any] = {
        "text": {"body": "Buongiorno"},
        "image": file,
        "document": file,
        "location": place,
        "contacts": [card],
        "reaction": {"message_id": "wamid.1", "emoji": "👍"},
        "interactive": pressed,
        "button": {"payload": "p", "text": "Sì"},
        "order": {"text": "due"},
        "system": {"type": "user_changed_number", "body": "x", "wa_id": "393330000009", "user_id": "IT.9"},
        "unsupported": {"type": "poll"},
        "edit": {"original_message_id": "wamid.1", "message": {"text": {"body": "No"}}},
    }
    for number, (kind, content) in enumerate(kinds.items()):
        message = said(number, kind, content, context={"id": "wamid.1", "forwarded": True})
        yield kind, json.loads(webhook([message]))
    failed = {"code": 131026, "title": "t", "message": "m", "error_data": {"details": "d"}}
    status = {
        "id": "wamid.7",
        "status": "failed",
        "timestamp": "1790000000",
        "recipient_id": "393330000001",
        "biz_opaque_callback_data": "1",
        "pricing": {"billable": True, "category": "service"},
        "errors": [failed],
    }
    yield "status", json.loads(webhook(statuses=[status]))
    yield "errors", json.loads(webhook(errors=[failed]))
    preference = {"wa_id": "393330000001", "value": "stop", "timestamp": 1790000000, "detail": "d"}
    yield "preference", _field("user_preferences", user_preferences=[preference])
    renamed = {"user_id": {"previous": "IT.1", "current": "IT.2"}, "wa_id": "39333", "timestamp": 1790000000}
    yield "identity", _field("user_id_update", user_id_update=[renamed])
    template = {
        "event": "REJECTED",
        "message_template_id": 1,
        "message_template_name": "n",
        "message_template_language": "it",
        "reason": "r",
    }
    yield "template", _field("message_template_status_update", **template)
    category = {"correct_category": "UTILITY", "category_update_timestamp": 1790000000, **template}
    yield "category", _field("template_category_update", **category)
    yield "limit", _field("business_capability_update", max_daily_conversations_per_business=1000)
    ban = {
        "event": "DISABLED_UPDATE",
        "ban_info": {"waba_ban_state": "REINSTATE"},
        "current_limit": "TIER_1K",
    }
    yield "notice", _field("account_update", **ban)


def _field(name: str, **value: Any) -> dict[str, Any]:
    change = {"field": name, "value": {"metadata": {"phone_number_id": NUMBER_ID}, **value}}
    entry = {"id": "2", "time": 1790000000, "changes": [change]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in items:
            yield from _leaves(each, (*path, key))
    else:
        yield path


def variants() -> Iterator[bytes]:
    good = said(0, "text", {"body": "il vicino"}, "393330000002")
    number, varied = 0, set()
    for kind, sample in samples():
        fresh = [
            path for path in _leaves(sample) if path not in varied
        ]  # what all share is varied in the first
        varied.update(fresh)
        for path in fresh:
            for what, written in HOSTILE.items():
                number += 1
                whole = json.loads(json.dumps(sample))
                messages = whole["entry"][0]["changes"][0]["value"].get("messages", [])
                for message in messages:
                    message["id"] = f"wamid.{kind}.{number}"
                _put(whole, path, _MARK)
                if messages and what == "NUL" and "messages" in path:
                    # A good neighbour, which must be read whatever the other is.
                    messages.append({**good, "id": f"wamid.good.{number}"})
                body = json.dumps(whole, ensure_ascii=False).encode()
                instead = b'"a\xff\xed\xa0\xbd"' if written is None else written.encode()
                yield body.replace(f'"{_MARK}"'.encode(), instead)


def _put(whole: Any, path: tuple[Any, ...], value: str) -> None:
    for key in path[:-1]:
        whole = whole[key]
    whole[path[-1]] = value


def _post_all(sender: Sender, bodies: list[bytes]) -> set[int]:
    async def post(endpoint: Endpoint, body: bytes) -> int:
        said_so: list[Any] = []
        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return parts.pop() if parts else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said_so.append(message)

        digest = hmac.new(b"sandbox-app-secret", body, hashlib.sha256).hexdigest()
        headers = [(b"x-hub-signature-256", f"sha256={digest}".encode())]
        path = f"/hooks/{sender.hook_key}"
        await endpoint(
            {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers},
            receive,
            send,
        )
        return int(said_so[0]["status"])

    async def everything() -> set[int]:
        endpoint = Endpoint(most_bytes=3 * 1024 * 1024)
        found: set[int] = set()
        for at in range(0, len(bodies), 200):
            found |= set(await asyncio.gather(*(post(endpoint, body) for body in bodies[at : at + 200])))
        await endpoint.close()
        return found

    return async_to_sync(everything)()


def test_no_webhook_is_stuck_or_breaks_a_page_that_shows_it(
    esempio: Organization, alice: Person, sender: Sender, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    with organization_scope(esempio):
        create_defaults(esempio)
    bodies = list(variants())
    assert _post_all(sender, bodies) == {200}
    while reader.read_batch():
        pass
    assert not Journal.objects.filter(state=Journal.State.WAITING).exists()
    # A part that cannot be read says so with its place; a row that broke our own code says «SomeError (file.py:1)».
    ours = Journal.objects.filter(problem__regex=r"\w+ \(\w+\.py:\d+\)").values_list("problem", flat=True)
    assert set(ours) == set()
    with organization_scope(esempio):
        assert Message.objects.filter(text="il vicino").count() == sum(
            b"il vicino" in body for body in bodies
        )
        pages = _pages()
    client = Client(raise_request_exception=False, headers={"host": "esempio.test"})
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = {path: client.get(path) for path in pages}
    assert {path: why(answer) for path, answer in found.items() if answer.status_code != 200} == {}


def _pages() -> list[str]:
    """Every stretch of every conversation, and the lists."""
    stretches = []
    for pk in Conversation.objects.values_list("pk", flat=True):
        messages = Message.objects.filter(conversation=pk).order_by("-sent_at", "-pk")
        pivots = list(messages.values_list("pk", flat=True))[::THREAD][1:]
        stretches += [
            f"/console/sportello/{pk}/",
            *(f"/console/sportello/{pk}/?prima={pivot}" for pivot in pivots),
        ]
    return [
        *stretches,
        "/console/sportello/",
        "/console/sportello/?lista=libere",
        "/console/iscritti/",
        "/console/impostazioni/",
        "/console/impostazioni/registro/",
        "/console/impostazioni/stato/",
        "/console/impostazioni/mittenti/",
        "/console/impostazioni/modelli/",
        "/console/impostazioni/non-letti/",
        "/console/redazione/",
    ]
