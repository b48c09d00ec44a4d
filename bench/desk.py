# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operator at the desk, as their browser is: signed in, the inbox open with its live stream, the page asked for again.

A process of its own: ``python -m bench.desk --web http://… --hook http://… --seconds 60 --out f.json``. It fills the inbox, signs
in, makes ``f.ready`` and begins when ``f.go`` is there. Citizens write all the while; a message is on screen when the list that
the live event brings, or makes the page ask for again, shows its text.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from html import unescape
from pathlib import Path
from typing import Any

import aiohttp
import uvloop

from bench.messages import incoming, phone
from bench.wire import signature

_INBOX = "/console/sportello/"
_PAGE_EVERY = 0.5  # seconds: five operators who look again every 2.5 s
_MESSAGE_EVERY = 1.0
_CITIZENS = 30  # conversations in the inbox before the measurement: as many as a page of it shows
_FIRST = 9_000_000  # sample numbers that no mailing uses
_LATEST = 20.0  # seconds after the last one; a message that is not on screen by then counts as so late


class Desk:
    def __init__(self, chosen: argparse.Namespace, http: aiohttp.ClientSession) -> None:
        self._chosen = chosen
        self._http = http
        self._list = ""
        self._stream = ""
        self._waiting: dict[str, float] = {}  # text → when the citizen's message left the platform
        self.pages: list[float] = []
        self.shown: list[float] = []

    async def sign_in(self) -> None:
        address = f"{self._chosen.web}/console/accesso/login/"
        async with self._http.get(address) as answer:
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', await answer.text())
        if not found:
            raise RuntimeError("no sign-in form")
        form = {
            "csrfmiddlewaretoken": found.group(1),
            "login": self._chosen.email,
            "password": self._chosen.password,
        }
        async with self._http.post(address, data=form, headers={"Referer": address}) as answer:
            await answer.read()
        page = await self._page()
        self._stream = _attribute(page, "sse-connect")
        self._list = _attribute(page[page.index('id="inbox"') :], "hx-get")

    async def _page(self) -> str:
        async with self._http.get(f"{self._chosen.web}{_INBOX}", allow_redirects=False) as answer:
            text = await answer.text()
            if answer.status != 200:
                raise RuntimeError(f"the inbox answered {answer.status}")
            return text

    async def look_again(self, until: float) -> None:
        """The whole inbox page, again and again."""
        while time.monotonic() < until:
            began = time.monotonic()
            await self._page()
            self.pages.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, began + _PAGE_EVERY - time.monotonic()))

    async def watch(self) -> None:
        """The live stream, with the list as it is pushed; a plain event makes the page ask for it again, as htmx does."""
        changed = asyncio.Event()
        asking = asyncio.create_task(self._ask_for_list(changed))
        pushed = False
        try:
            async with self._http.get(
                f"{self._chosen.web}{self._stream}", timeout=aiohttp.ClientTimeout(total=None)
            ) as answer:
                async for row in answer.content:
                    if row.startswith(b"event: inbox-pushed"):
                        pushed = True
                    elif row.startswith(b"event: "):
                        pushed = False
                        if row.startswith(b"event: inbox"):
                            changed.set()
                    elif pushed and row.startswith(b"data: "):
                        self._look(json.loads(row[6:])["rows"])
        finally:
            asking.cancel()

    async def _ask_for_list(self, changed: asyncio.Event) -> None:
        while True:
            await changed.wait()
            changed.clear()
            async with self._http.get(
                f"{self._chosen.web}{self._list}", headers={"HX-Request": "true"}
            ) as answer:
                self._look(await answer.text())

    def _look(self, text: str) -> None:
        now = time.monotonic()
        for words in [words for words in self._waiting if words in text]:
            self.shown.append(now - self._waiting.pop(words))

    async def citizens_write(self, until: float) -> None:
        index = 0
        while time.monotonic() < until:
            words = f"prova numero {index:05d}"
            self._waiting[words] = time.monotonic()
            await self._write(index % _CITIZENS, words, f"live{index}")
            index += 1
            await asyncio.sleep(_MESSAGE_EVERY)
        deadline = time.monotonic() + _LATEST
        while self._waiting and time.monotonic() < deadline:  # noqa: ASYNC110 - what is waited for is on a page
            await asyncio.sleep(0.05)
        self.shown += [time.monotonic() - left for left in self._waiting.values()]

    async def fill(self) -> None:
        """The inbox of a town that uses it."""
        for index in range(_CITIZENS):
            await self._write(index, f"domanda numero {index:05d}", f"before{index}")

    async def _write(self, citizen: int, words: str, mark: str) -> None:
        body = incoming(
            self._chosen.account, self._chosen.number, phone(_FIRST + citizen).lstrip("+"), words, mark
        )
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(body, self._chosen.secret.encode()),
        }
        async with self._http.post(self._chosen.hook, data=body, headers=headers) as answer:
            if answer.status != 200:
                raise RuntimeError(f"the hook answered {answer.status}")

    def report(self) -> dict[str, Any]:
        return {"pages": sorted(self.pages), "shown": sorted(self.shown)}


def _attribute(page: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]+)"', page)
    if not found:
        raise RuntimeError(f"the page has no {name}")
    return unescape(found.group(1))


async def _run(chosen: argparse.Namespace) -> dict[str, Any]:
    # Cookies are of a host by name here: 127.0.0.1.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        desk = Desk(chosen, http)
        await desk.fill()
        await desk.sign_in()
        watching = asyncio.create_task(desk.watch())
        Path(chosen.out).with_suffix(".ready").touch()
        while not Path(chosen.out).with_suffix(".go").exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.05)
        until = time.monotonic() + chosen.seconds
        await asyncio.gather(desk.look_again(until), desk.citizens_write(until))
        watching.cancel()
        return desk.report()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    names = ("--web", "--hook", "--email", "--password", "--number", "--account", "--secret", "--out")
    for name in names:
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    chosen = parser.parse_args()
    Path(chosen.out).write_text(json.dumps(uvloop.run(_run(chosen))))


if __name__ == "__main__":
    main()
