# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An organization with a number on a platform that is made up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from arengo.audience.models import ListSettings
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.intake import reader
from arengo.intake.endpoint import Endpoint
from arengo.platforms.contract import Credentials
from tests.seams import platform_mock
from tests.seams.platform_mock.platform import HEADER
from tests.seams.platform_mock.world import SECRET, TOKEN, World, world

_ids = count(1)


@pytest.fixture(autouse=True)
def gabbiano() -> Iterator[None]:
    platform_mock.register()
    yield
    platform_mock.forget()


@pytest.fixture
def outside() -> Iterator[World]:
    with world() as made:
        yield made


@pytest.fixture
def sender(scope: Organization, outside: World) -> Sender:
    sender = Sender(organization=scope, name="Gabbiano del Comune", platform=platform_mock.NAME, rate=100)
    sender.credentials = Credentials(
        base_url=outside.url,
        version="",
        number_id="",
        account_id="esempio",
        token=TOKEN,
        app_secret=SECRET,
        verify_token="",
        signature="token",
        signature_header=HEADER,
    )
    sender.save()
    ListSettings.objects.create(
        organization=scope,
        join_words=["iscrivimi"],
        leave_words=["cancellami"],
        welcome_text="Benvenuti. " + "Le notizie del Comune. " * 20,
    )
    return sender


@pytest.fixture
def knock(sender: Sender) -> Callable[..., int]:
    """A webhook at the door, and read if it was let in; the status."""

    def once(*items: dict[str, Any], token: str = SECRET, method: str = "POST") -> int:
        body = json.dumps({"items": items}).encode()

        async def request() -> int:
            endpoint = Endpoint(most_bytes=1_000_000)
            sent: list[Any] = []

            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: Any) -> None:
                sent.append(message)

            headers = [(HEADER.lower().encode(), token.encode())]
            path = f"/hooks/{sender.hook_key}"
            await endpoint(
                {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers},
                receive,
                send,
            )
            await endpoint.close()
            return int(sent[0]["status"])

        status = async_to_sync(request)()
        while reader.read_batch():
            pass
        return status

    return once


@pytest.fixture
def says(knock: Callable[..., int]) -> Callable[..., str]:
    """Somebody writes; the message's id."""

    def write(text: str, user: str = "g-anna", *, ago: float = 0.0, **more: Any) -> str:
        message_id = f"gull-in-{next(_ids)}"
        item = {"id": message_id, "user": user, "at": int(time.time() - ago), "name": "Anna", "text": text}
        assert knock({**item, **more}) == 200
        return message_id

    return write
