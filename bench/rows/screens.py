# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fifty people at the desk, each with the inbox open and its live stream: how soon a citizen's message is on all of their screens."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from html import unescape

import aiohttp

from bench.city import ACCOUNT, SECRET, number_id
from bench.figures import Figure, figure
from bench.messages import incoming, phone
from bench.processes import Failed
from bench.rows.web import people
from bench.run import Run
from bench.wire import signature

SCREENS, SHOWN = 50, 500  # ms, p95
_INBOX = "/console/sportello/"
_CITIZENS = 20  # all of them are on the first page
_FIRST = 9_000_000  # sample numbers that no mailing uses
_LATEST = 20.0  # seconds; what is not on a screen by then counts as so late


@dataclass
class _Screen:
    """A browser that shows the inbox. ``asked``: how often it had to ask for its list."""

    http: aiohttp.ClientSession
    web: str
    shown: dict[str, float] = field(default_factory=dict)  # text → when it was there
    asked: int = 0
    stream: str = ""
    list: str = ""

    async def open(self) -> None:
        page = await self._get(_INBOX)
        self.stream = unescape(_attribute(page, "sse-connect"))
        self.list = unescape(_attribute(page[page.index('id="inbox"') :], "hx-get"))

    async def watch(self) -> None:
        event = ""
        forever = aiohttp.ClientTimeout(total=None)
        async with self.http.get(self.web + self.stream, timeout=forever) as answer:
            if answer.status != 200:
                raise Failed(f"the stream answered {answer.status}")
            async for line in answer.content:
                if line.startswith(b"event: "):
                    event = line[7:].decode().strip()
                elif line.startswith(b"data: ") and event == "inbox-pushed":
                    self._look(json.loads(line[6:])["rows"])
                elif line.startswith(b"data: ") and event == "inbox":
                    self.asked += 1
                    self._look(await self._get(self.list))

    async def _get(self, path: str) -> str:
        async with self.http.get(self.web + path, allow_redirects=False) as answer:
            if answer.status != 200:
                raise Failed(f"{path} answered {answer.status}")
            return await answer.text()

    def _look(self, page: str) -> None:
        now = time.monotonic()
        for words in re.findall(r"prova numero \d+", page):
            self.shown.setdefault(words, now)


def fifty(run: Run) -> list[Figure]:
    count, messages = run.size(SCREENS, 10), run.size(60, 10)
    city = run.fresh_city(numbers=1)
    cookies = people(city, count)
    web, port = run.installation.web()
    worker = run.installation.worker()
    address = f"http://127.0.0.1:{port}"
    hook = f"{address}/hooks/{city.senders[0].hook_key}"
    late, screens = asyncio.run(_measure(address, hook, cookies, messages))
    run.say(f"{len(late)} times on a screen; {run.used(web, worker)}")
    run.processes.end(worker, web)
    asked = sum(one.asked for one in screens) / count / (messages / 60)
    return [
        figure("desk.fifty_screens", late[len(late) * 95 // 100] * 1000, "ms (p95)", "the bar", SHOWN),
        figure("desk.fifty_screens.asked", asked, "requests a screen and minute", "the bar", 1),
    ]


async def _measure(
    web: str, hook: str, cookies: list[str], messages: int
) -> tuple[list[float], list[_Screen]]:
    """Seconds from each webhook's leaving until each screen shows its words, sorted."""
    sent: dict[str, float] = {}
    screens = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as platform:
        for citizen in range(_CITIZENS):
            await _write(platform, hook, citizen, "Buongiorno", f"before{citizen}")
        await asyncio.sleep(3)  # they are on the desk
        for cookie in cookies:
            http = aiohttp.ClientSession(headers={"Cookie": cookie}, cookie_jar=aiohttp.DummyCookieJar())
            screens.append(_Screen(http, web))
            await screens[-1].open()
        watching = [asyncio.create_task(one.watch()) for one in screens]
        await asyncio.sleep(
            2
        )  # all streams are open, and have asked for what they might have missed meanwhile
        for one in screens:
            one.asked = 0
        for number in range(messages):
            words = f"prova numero {number:05d}"
            sent[words] = time.monotonic()
            await _write(platform, hook, number % _CITIZENS, words, f"live{number}")
            await asyncio.sleep(1)
        ends = time.monotonic() + _LATEST
        while any(len(one.shown) < messages for one in screens) and time.monotonic() < ends:  # noqa: ASYNC110 - on pages
            await asyncio.sleep(0.05)
        for task in watching:
            if task.done() and task.exception():
                raise Failed(f"a screen: {task.exception()}")
            task.cancel()
        for one in screens:
            await one.http.close()
    late = [one.shown.get(words, at + _LATEST) - at for one in screens for words, at in sent.items()]
    return sorted(late), screens


async def _write(platform: aiohttp.ClientSession, hook: str, citizen: int, words: str, mark: str) -> None:
    body = incoming(ACCOUNT, number_id(0), phone(_FIRST + citizen).lstrip("+"), words, mark)
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature(body, SECRET.encode())}
    async with platform.post(hook, data=body, headers=headers) as answer:
        if answer.status != 200:
            raise Failed(f"the hook answered {answer.status}")


def _attribute(page: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]+)"', page)
    if not found:
        raise Failed(f"the page has no {name}")
    return found.group(1)
