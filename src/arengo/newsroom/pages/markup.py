# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The few elements that say what a page is about, found in its HTML without building a tree.

The libraries that build one take time that grows with the square of the nesting (2 MB of ``<div>``: minutes, measured with
nh3 0.3.8 and selectolax 0.3); this looks at so many elements of so many characters, whatever else the page holds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_ELEMENTS = 2_000  # of those that are looked for, in one page; a page of a Comune has about 60
_MOST_TAG = 8_192  # characters of one start tag
_MOST_WORDS = 4_096  # characters of a title or heading, its own elements included
_MOST_SCRIPT = 131_072  # characters of one JSON-LD block
_MOST_BLOCKS = 20  # JSON-LD

_START = re.compile(r"<(meta|link|title|h1|time|script|base|style|template|svg)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""([a-zA-Z][a-zA-Z0-9:_.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?|(>)""",
)
_TAG = re.compile(r"<[^<>]{0,1000}>")
_SKIPPED = ("style", "template", "svg")  # what stands inside is not the page's own


@dataclass
class Markup:
    """``metas``: the first content of each name or property, in lower case. ``times``: ``datetime`` of <time>. Texts as they are read."""

    metas: dict[str, str] = field(default_factory=dict)
    title: str = ""
    heading: str = ""
    canonical: str = ""
    base: str = ""
    times: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)  # of JSON-LD


def read(page: str) -> Markup:
    """The time that it takes grows with the length of ``page`` alone."""
    text = "".join(_outside_comments(page))
    found = Markup()
    at = 0
    for _number in range(_MOST_ELEMENTS):
        start = _START.search(text, at)
        if start is None:
            break
        name = start.group(1).lower()
        values, at = _attributes(text, start.end())
        if name in _SKIPPED or (name == "script" and values.get("type", "").lower() != "application/ld+json"):
            at = _end(text, name, at)
        elif name == "script":
            end = _end(text, name, at)
            if end - at <= _MOST_SCRIPT and len(found.blocks) < _MOST_BLOCKS:
                found.blocks.append(text[at:end].rpartition("</")[0])
            at = end
        else:
            _keep(found, name, values, text, at)
    return found


def _keep(found: Markup, name: str, values: dict[str, str], text: str, at: int) -> None:
    if name == "meta":
        key = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
        if key and values.get("content", "").strip():
            found.metas.setdefault(key, values["content"].strip())
    elif name == "link":
        if "canonical" in values.get("rel", "").lower().split():
            found.canonical = found.canonical or values.get("href", "").strip()
    elif name == "base":
        found.base = found.base or values.get("href", "").strip()
    elif name == "time":
        found.times.append(values.get("datetime", "").strip())
    elif name == "title":
        found.title = found.title or _words(text, at, name)
    else:
        found.heading = found.heading or _words(text, at, name)


def _outside_comments(page: str) -> Iterator[str]:
    at = 0
    while (begin := page.find("<!--", at)) >= 0:
        yield page[at:begin]
        end = page.find("-->", begin + 4)
        if end < 0:
            return
        at = end + 3
    yield page[at:]


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """Of the start tag whose name ends at ``at``, and where the tag ends. The first of a name counts, as in browsers."""
    values: dict[str, str] = {}
    stop = min(len(text), at + _MOST_TAG)
    while at < stop:
        match = _ATTRIBUTE.search(text, at, stop)
        if match is None:
            return values, stop
        at = match.end()
        if match.group(5):
            return values, at
        value = next((one for one in match.groups()[1:4] if one is not None), "")
        values.setdefault(match.group(1).lower(), html.unescape(value))
    return values, at


def _end(text: str, name: str, at: int) -> int:
    """Where ``</name`` ends; the end of the page where it never does."""
    closing = re.compile(rf"</{name}\b", re.IGNORECASE).search(text, at)
    return closing.end() if closing else len(text)


def _words(text: str, at: int, name: str) -> str:
    inside = text[at : at + _MOST_WORDS]
    closing = re.search(rf"</{name}\b", inside, re.IGNORECASE)
    plain = _TAG.sub(" ", inside[: closing.start()] if closing else inside.partition("<")[0])
    return " ".join(html.unescape(plain).split())
