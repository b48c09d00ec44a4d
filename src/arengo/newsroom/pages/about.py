# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page is about: from Open Graph, then JSON-LD (schema.org), then its own title and heading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from arengo.core import clean_text, outside
from arengo.newsroom.pages.markup import Markup, read

_LONGEST_TITLE, _LONGEST_DESCRIPTION, _LONGEST_ADDRESS = 300, 1_000, 2_000  # characters
_FIRST_DAY = date(2000, 1, 1)  # systems write 1969 and 1970 where there is no date
_MOST_THINGS = 200  # objects of JSON-LD that are looked at
_ARTICLES = {"newsarticle", "article", "blogposting", "event", "webpage", "governmentservice", "report"}
_DATES = ("datePublished", "startDate", "dateModified", "uploadDate")
_DATE_METAS = ("article:published_time", "og:article:published_time", "dc.date", "dcterms.date", "date")


@dataclass(frozen=True)
class PageAbout:
    """``image`` and ``address`` are whole web addresses or "". ``address``: the canonical one where it is of the same site."""

    title: str
    description: str
    image: str
    on: date | None
    address: str


def about(page: str, address: str) -> PageAbout:
    """``page``: HTML of a page that was found at ``address``. Parts that it does not say are empty."""
    markup = read(page)
    things = sorted(_things(markup), key=_rank)
    days = [
        *(markup.metas.get(name) for name in _DATE_METAS),
        *(_said(thing, *_DATES) for thing in things),
        *markup.times,
    ]
    home = urljoin(address, markup.base) if markup.base else address
    return PageAbout(
        title=_line(
            [
                markup.metas.get("og:title"),
                *(_said(thing, "headline", "name") for thing in things),
                markup.heading,
                markup.title,
            ],
            _LONGEST_TITLE,
        ),
        description=_line(
            [
                markup.metas.get("og:description"),
                *(_said(thing, "description", "abstract") for thing in things),
                markup.metas.get("description"),
            ],
            _LONGEST_DESCRIPTION,
        ),
        image=_web(home, [markup.metas.get("og:image"), *(_picture(thing) for thing in things)]),
        on=next(filter(None, (outside.day(day.strip()[:10], first=_FIRST_DAY) for day in days if day)), None),
        address=_own(home, [markup.canonical, markup.metas.get("og:url")], address),
    )


def _things(markup: Markup) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, from the outside in."""
    left = _MOST_THINGS
    for block in markup.blocks:
        try:
            level: list[Any] = [json.loads(block)]
        except (ValueError, RecursionError):
            continue
        while level and left > 0:
            inner: list[Any] = []
            for each in level[:left]:
                left -= 1
                if isinstance(each, list):
                    inner += each
                elif isinstance(each, dict):
                    yield each
                    inner += [value for value in each.values() if isinstance(value, (dict, list))]
            level = inner


def _rank(thing: dict[str, Any]) -> int:
    """What is about the content comes before what is about the site."""
    kinds = thing.get("@type")
    names = {str(kind).lower() for kind in (kinds if isinstance(kinds, list) else [kinds])}
    return 0 if names & (_ARTICLES - {"webpage"}) else 1 if "webpage" in names else 2


def _said(thing: dict[str, Any], *names: str) -> str:
    if _rank(thing) == 2:
        return ""
    return next(
        (thing[name] for name in names if isinstance(thing.get(name), str) and thing[name].strip()), ""
    )


def _picture(thing: dict[str, Any]) -> str:
    image = thing.get("image") if _rank(thing) < 2 else None
    if isinstance(image, list):
        image = image[0] if image else None
    if isinstance(image, dict):
        image = image.get("url") or image.get("contentUrl")
    return image if isinstance(image, str) else ""


def _line(candidates: list[str | None], most: int) -> str:
    """The first that says something, on one line and cut at a word."""
    for candidate in candidates:
        words = " ".join(clean_text.clean(outside.text(candidate)).text.split()) if candidate else ""
        if words:
            return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"
    return ""


def _web(home: str, candidates: list[str | None]) -> str:
    for candidate in candidates:
        if not candidate:
            continue
        try:
            whole = urljoin(home, candidate.strip())
            parts = urlsplit(whole)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and len(whole) <= _LONGEST_ADDRESS:
            return whole
    return ""


def _own(home: str, candidates: list[str | None], address: str) -> str:
    """A page may name a better address of itself, never one of another site."""
    named = _web(home, candidates)
    same = named and urlsplit(named).hostname == urlsplit(address).hostname
    return named if same else address
