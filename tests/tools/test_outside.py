# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lint that keeps every talk with other machines behind one door."""

from __future__ import annotations

import pytest

from tools import outside

PAST_THE_DOOR = [
    "import urllib.request",
    "from urllib import request",
    "from urllib.request import urlopen",
    "import requests",
    "import httpx",
    "from http import client",
    "import http.client as talk",
    "import urllib3.util",
    "import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as http: ...",
    "from aiohttp import ClientSession as C, TCPConnector\nx = TCPConnector()",
    "from aiohttp import ClientSession\nx = ClientSession(trust_env=True)",
    "from aiohttp import ClientSession as Talk\nx = Talk()",
    "import aiohttp as a\nx = a.ClientSession()",
    "import aiohttp\nclass Mine(aiohttp.ClientSession): ...",
    "import aiohttp\nasync def f(line: aiohttp.ClientSession):\n    return await line.get('https://a.example')",
    "import aiohttp\nx = aiohttp.request('GET', 'https://a.example')",
    "import aiohttp\nasync def f(http):\n    async with http.get('https://a.example') as answer:\n        pass",
    "import aiohttp\nasync def f(session):\n    return await session.post('https://a.example')",
    "import aiohttp\nasync def f(self):\n    r = await self._http.request('GET', 'x')\n    return await r.read()",
    "import aiohttp\nasync def f(http):\n    async with http.get('x') as r:\n        return await r.json()",
    "async def f(http):\n    async with http.get('x') as r:\n        return await r.text()",
    "async def f(http):\n    async with http.get('x') as r:\n        async for c in r.content.iter_any(): ...",
    "import socket\ns = socket.create_connection(('a.example', 80))",
    "import asyncio\nasync def f():\n    return await asyncio.open_connection('a.example', 80)",
    "def f(credentials):\n    return {'X-Key': credentials.token}",
    "def f(self):\n    return self.sender.credentials.auth_prefix",
]


@pytest.mark.parametrize("source", PAST_THE_DOOR)
def test_a_talk_past_the_door_is_found(source: str) -> None:
    assert outside.violations(source, "desk/telegram.py")


@pytest.mark.parametrize(
    "source",
    [
        "import aiohttp\ndef f(http: aiohttp.ClientSession) -> aiohttp.FormData:\n    return aiohttp.FormData()",
        "from arengo.platforms import answers\nasync def f(http):\n    return (await answers.ask(http, 'GET', 'x')).body",
        "import aiohttp\ndef f(headers):\n    return headers.get('Retry-After')",
        "def f(file):\n    return file.read()",
        "def f(client):\n    return client.get('/')",
        "from urllib.parse import urlsplit",
    ],
)
def test_what_goes_by_the_door_is_left_alone(source: str) -> None:
    assert outside.violations(source, "desk/telegram.py") == []


def test_nothing_in_arengo_goes_past_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert outside.main() == 0, capsys.readouterr().out
