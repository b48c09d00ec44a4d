# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole answers of public pages in the process's memory: bounded in bytes, dropped by organization and table."""

from __future__ import annotations

import gzip
import hashlib
import math
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from arengo.config.serving import limits

Headers = list[tuple[bytes, bytes]]

_OVERHEAD = (
    4096  # bytes that an answer takes beside what it sends: key, headers in up to four forms, bookkeeping
)
_WORTH_PACKING = 1024  # bytes; a smaller answer is in one packet anyway
_TEXT = (b"text/", b"image/svg+xml", b"application/atom+xml", b"application/rss+xml", b"application/json")
_OWN = {
    b"content-length",
    b"etag",
    b"vary",
    b"content-encoding",
    b"last-modified",
}  # decided here, whatever the view said


class Key(NamedTuple):
    """Which answer. Two requests with equal keys get the same bytes."""

    host: str
    https: bool
    path: str
    query: str
    language: str


@dataclass(frozen=True, slots=True)
class Form:
    """An answer as it leaves, in one encoding. ``unchanged``: what who has it already is told (304).

    ``lines``: the headers as they are written.
    """

    status: int
    headers: Headers
    body: bytes
    unchanged: Form | None = None
    lines: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        for name, value in self.headers:
            if b"\r" in value or b"\n" in value or b":" in name:
                raise ValueError("A header holds what would end it.")
        lines = b"".join(b"%s: %s\r\n" % header for header in self.headers)
        object.__setattr__(self, "lines", lines)

    @property
    def size(self) -> int:
        return len(self.body) + len(self.lines) + (self.unchanged.size if self.unchanged else 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """``packed`` is the same as ``plain``, gzipped, where that is worth it; ``tags`` are the ETags of both.

    ``alone``: each reader asks Django, because the answer is too large to be held, sets a cookie, or is no page.
    ``modified``: since when it is so, in seconds since 1970; None where nobody knows. ``dated_from``: by the loop's clock,
    when it may say so; never, where it does already or has nothing to say (``public_dates``).
    """

    plain: Form
    packed: Form | None = None
    tags: frozenset[bytes] = frozenset()
    alone: bool = False
    modified: int | None = None
    dated_from: float = math.inf

    @property
    def size(self) -> int:
        return self.plain.size + (self.packed.size if self.packed else 0)

    @property
    def is_dated(self) -> bool:
        return self.modified is not None and self.dated_from == math.inf

    def dated(self, header: bytes) -> Answer:
        """The same with its Last-Modified, also where it is told unchanged."""
        line = (b"last-modified", header)
        packed = _with(self.packed, line) if self.packed else None
        return replace(self, plain=_with(self.plain, line), packed=packed, dated_from=math.inf)


def _with(form: Form, line: tuple[bytes, bytes]) -> Form:
    unchanged = _with(form.unchanged, line) if form.unchanged else None
    return Form(form.status, [*form.headers, line], form.body, unchanged)


ALONE = Answer(Form(0, [], b""), alone=True)


def prepare(status: int, headers: Headers, content: bytes, *, words: bool) -> Answer:
    """All forms of an answer. ``words``: it differs by the language that the reader chose, which a cookie says."""
    named = {name.lower(): value for name, value in headers}
    given = [(name.lower(), value) for name, value in headers if name.lower() not in _OWN]
    packed = _packed(content, named.get(b"content-type", b"")) if status == 200 else None
    vary = [b"Cookie"] if words else []
    vary += [b"Accept-Encoding"] if packed else []
    if vary:
        given.append((b"vary", b", ".join(vary)))
    if status != 200:
        return Answer(Form(status, _measured(given, content), content))
    digest = b'"%s"' % hashlib.sha256(content).hexdigest()[:32].encode()
    tag = named.get(b"etag", b"").removeprefix(b"W/") or digest
    if packed is None:
        return Answer(_tagged(given, content, tag), tags=frozenset({tag}))
    other = tag[:-1] + b'-gzip"'
    compressed = _tagged([*given, (b"content-encoding", b"gzip")], packed, other)
    return Answer(_tagged(given, content, tag), compressed, frozenset({tag, other}))


def _tagged(headers: Headers, body: bytes, tag: bytes) -> Form:
    headers = [*headers, (b"etag", tag)]
    unchanged = [
        (name, value) for name, value in headers if name not in (b"content-type", b"content-encoding")
    ]
    return Form(200, _measured(headers, body), body, Form(304, unchanged, b""))


def _measured(headers: Headers, body: bytes) -> Headers:
    return [*headers, (b"content-length", b"%d" % len(body))]


def _packed(content: bytes, kind: bytes) -> bytes | None:
    if len(content) < _WORTH_PACKING or not kind.startswith(_TEXT):
        return None
    packed = gzip.compress(content, 6, mtime=0)
    return packed if len(packed) < len(content) else None


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    organization: int
    tables: frozenset[str]
    until: float  # by the loop's clock
    size: int


class Memory:
    """One a process. Least recently read answers go first, of the organization that has the most bytes."""

    def __init__(self, most_bytes: int = limits.PAGES_MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: dict[Key, _Kept] = {}
        self._read: dict[
            int, OrderedDict[Key, None]
        ] = {}  # organization → its keys, the longest unread first
        self._bytes: dict[int, int] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key, now: float) -> Answer | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.until <= now:
            self._remove(key)
            return None
        self._read[kept.organization].move_to_end(key)
        return kept.answer

    def replace(self, key: Key, answer: Answer) -> None:
        """Another form of the same answer, a few bytes longer (within ``_OVERHEAD``), for as long as the first."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept[key] = replace(kept, answer=answer)

    def put(
        self,
        key: Key,
        answer: Answer,
        organization: int,
        tables: frozenset[str],
        until: float,
        *,
        shared: bool = False,
    ) -> None:
        """``shared``: the answer's bytes stand under another key already and are counted there."""
        self._remove(key)
        size = _OVERHEAD + (0 if shared else answer.size)
        if size > self._most:
            return
        self._kept[key] = _Kept(answer, organization, tables, until, size)
        self._read.setdefault(organization, OrderedDict())[key] = None
        self._bytes[organization] = self._bytes.get(organization, 0) + size
        self.bytes += size
        while self.bytes > self._most:
            largest = max(self._bytes, key=self._bytes.__getitem__)
            self._remove(next(iter(self._read[largest])))

    def drop(self, organization: int | None, table: str) -> None:
        """Of one organization, or of all, what was made of this table."""
        for each in [organization] if organization is not None else list(self._read):
            for key in list(self._read.get(each, ())):
                if table in self._kept[key].tables:
                    self._remove(key)

    def clear(self) -> None:
        self._kept.clear()
        self._read.clear()
        self._bytes.clear()
        self.bytes = 0

    def _remove(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        mine = self._read[kept.organization]
        del mine[key]
        self._bytes[kept.organization] -= kept.size
        self.bytes -= kept.size
        if not mine:
            del self._read[kept.organization], self._bytes[kept.organization]
