# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking a web page: what it is about, or only whether it is there.

Each connection goes through the one door (``platforms/connections.py``): the address is checked when its socket is made, so a
redirect to a private machine, or a name that resolves to one the second time, reaches nothing. Redirects are followed one by one.
"""

from __future__ import annotations

import asyncio
import codecs
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp

from arengo.newsroom.checking import url_problem
from arengo.newsroom.pages.about import PageAbout, about
from arengo.platforms import answers
from arengo.platforms.connections import is_refused, session

WITHIN = 8.0  # seconds for one page, its redirects included
MOST = 2 * 1024 * 1024  # bytes of a page
MOST_REDIRECTS = 5
MOST_LINKS = 40  # that are looked at together
_AT_ONCE = 8  # connections
_HEADERS = {
    "User-Agent": "Arengo",
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
    "Accept-Language": "it,en;q=0.5",
}
_HTML = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{1,40})""", re.IGNORECASE)
_SEARCHED = 2048  # bytes in which a page says its encoding (HTML standard: 1,024)


class Trouble(enum.StrEnum):
    """Why there is no page."""

    NOT_WEB = "not_web"
    PRIVATE = "private"  # neither public nor allowed
    SILENT = "silent"  # no such name, nobody there, certificate, too slow
    GONE = "gone"  # 404, 410
    FORBIDDEN = "forbidden"  # 401, 403, 429, 451: it may be there for people
    BROKEN = "broken"  # another status, or an answer that cannot be read
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"
    CIRCLE = "circle"  # too many redirects


@dataclass(frozen=True)
class Reading:
    """``address``: where the last redirect led. ``about`` only of a page that could be read."""

    asked: str
    address: str
    trouble: Trouble | None = None
    about: PageAbout | None = None

    @property
    def moved(self) -> bool:
        return self.address != self.asked


def read(address: str) -> Reading:
    """The page and what it is about. Never raises for what another machine does."""
    return asyncio.run(_within_time([address]))[0]


def look(addresses: Sequence[str]) -> dict[str, Reading]:
    """Each of at most ``MOST_LINKS``: whether it is there, and where it leads; all together in little more than ``WITHIN``."""
    wanted = list(dict.fromkeys(addresses))[:MOST_LINKS]
    return dict(zip(wanted, asyncio.run(_within_time(wanted)), strict=True))


async def _within_time(addresses: Sequence[str]) -> list[Reading]:
    async with session(within=WITHIN, most=_AT_ONCE) as http:
        return list(await asyncio.gather(*(_one(http, address) for address in addresses)))


async def _one(http: aiohttp.ClientSession, asked: str) -> Reading:
    try:
        async with asyncio.timeout(WITHIN):
            return await _followed(http, asked)
    except TimeoutError:
        return Reading(asked, asked, Trouble.SILENT)


async def _followed(http: aiohttp.ClientSession, asked: str) -> Reading:
    address = asked
    for _number in range(MOST_REDIRECTS + 1):
        if url_problem(address):
            return Reading(asked, address, Trouble.NOT_WEB)
        try:
            answer = await answers.ask(http, "GET", address, most=MOST, headers=_HEADERS)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Reading(asked, address, Trouble.PRIVATE if is_refused(error) else Trouble.SILENT)
        if answer.status in (301, 302, 303, 307, 308) and "Location" in answer.headers:
            try:
                address = urljoin(address, answer.headers["Location"])
            except ValueError:
                return Reading(asked, address, Trouble.BROKEN)
            continue
        return _read(asked, address, answer)
    return Reading(asked, address, Trouble.CIRCLE)


def _read(asked: str, address: str, answer: answers.Answer) -> Reading:
    if answer.status in (404, 410):
        return Reading(asked, address, Trouble.GONE)
    if answer.status in (401, 403, 429, 451):
        return Reading(asked, address, Trouble.FORBIDDEN)
    if not 200 <= answer.status < 300:
        return Reading(asked, address, Trouble.BROKEN)
    kind, _semicolon, more = answer.headers.get("Content-Type", "text/html").partition(";")
    if kind.strip().lower() not in _HTML:
        return Reading(asked, address, Trouble.NOT_HTML)
    if answer.fault is not None:
        too_large = answer.fault is answers.Fault.TOO_LARGE
        return Reading(asked, address, Trouble.TOO_LARGE if too_large else Trouble.BROKEN)
    return Reading(asked, address, about=about(_decoded(answer.body, more), address))


def _decoded(body: bytes, parameters: str) -> str:
    """By its mark, its header, its own word, as UTF-8, as Windows-1252: the order of the HTML standard."""
    if body.startswith(codecs.BOM_UTF8):
        return body.decode("utf-8-sig", "replace")
    header = re.search(r"charset\s*=\s*[\"']?([\w:.-]{1,40})", parameters, re.IGNORECASE)
    own = _CHARSET.search(body[:_SEARCHED])
    named = [header.group(1) if header else "", own.group(1).decode("ascii") if own else "", "utf-8"]
    for name in named:
        try:
            # Pages that say ISO-8859-1 mean Windows-1252 (WHATWG Encoding).
            usual = "cp1252" if name.lower() in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name
            if usual:
                return body.decode(usual)
        except (LookupError, UnicodeError):
            continue
    return body.decode("cp1252", "replace")


def host_of(address: str) -> str:
    """For a sentence about it."""
    return urlsplit(address).hostname or address
