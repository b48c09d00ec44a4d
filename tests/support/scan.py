# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is named in all that an installation keeps: to a reader of it, and to a holder of the vault's keys too.

``clear(person)`` looks at every column of every table, the media, the logs, and decodes every word that looks like base64
or hex. ``with_vault(person)`` also opens every sealed value, whatever it was sealed for, and looks for the keyed hashes of
the person's addresses. Both say where they found what; ``traces_in`` does so of one text. A value that carries a key of the
vault and opens for no purpose that the source names is an error: the tool must not be blind.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.db import connection

import arengo
from arengo.core.personal_keys import PURPOSE as PERSONAL_KEY
from arengo.core.vault import Vault, VaultError, vault
from arengo.platforms.contract import Address

_DEEPEST = 3  # a sealed value may hold JSON that holds base64
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{10,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}")
# Purposes that have a name of their own: ``ANSWER = "consent answer"``, ``SUBJECT, DETAIL = "…", "…"``.
_CONSTANTS = re.compile(r'^[A-Z_]+(?:, [A-Z_]+)* = ((?:"[a-z_ ]+"(?:, )?)+)', re.MULTILINE)
_PURPOSE = re.compile(r"""purpose=f?"([^"{]*)"|(?:PURPOSE|_TERMS)\s*(?::\s*\w+\s*)?=\s*"([^"]*)\"""")


@dataclass(frozen=True)
class Named:
    """What names one person: numbers in E.164, user ids, and any words that are theirs alone."""

    phones: tuple[str, ...]
    user_ids: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # desk texts and names lie in the clear until erased (decision 9)
    message_ids: tuple[str, ...] = ()  # the platform's, which hold the number

    def needles(self, *, words: bool) -> set[bytes]:
        digits = {
            re.sub(r"\D", "", phone)[-9:].encode() for phone in self.phones
        }  # with and without its country
        reversed_digits = {bytes(reversed(number)) for number in digits}
        return {
            *digits,
            *reversed_digits,
            *(each.encode() for each in (*self.user_ids, *self.message_ids)),
            *(word.encode() for word in self.words if words),
        }

    def hashes(self) -> set[bytes]:
        """By which a holder of the vault's keys recognizes a number that they try."""
        forms = {phone[cut:] for phone in self.phones for cut in (0, 1, 3)}
        keys = {Address(phone=form).key("whatsapp") for form in forms} | {
            Address(user_id=one).key("whatsapp") for one in self.user_ids
        }
        plain = {*(key.name for key in keys), *forms, *self.user_ids}
        return {vault().lookup_on(*key) for key in keys} | {vault().lookup(text) for text in plain}


@dataclass
class Scan:
    """``found``: where and what."""

    person: Named
    opened: bool
    words: bool
    found: list[str] = field(default_factory=list)
    _keys: dict[bytes, Vault] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._needles = self.person.needles(words=self.words)
        self._hashes = self.person.hashes() if self.opened else set()

    def look(self, where: str, value: Any) -> None:
        for blob in _blobs(value):
            self._look(where, blob, 0)

    def _look(self, where: str, blob: bytes, depth: int) -> None:
        forms = {blob, unquote_to_bytes(blob)}
        forms |= {re.sub(rb"[\s().+\-/]", b"", form) for form in forms}
        for needle in self._needles:
            if any(needle in form for form in forms):
                self.found.append(f"{where}: {needle.decode(errors='replace')} at depth {depth}")
        for digest in self._hashes:
            if digest in blob:
                self.found.append(f"{where}: a keyed hash at depth {depth}")
        if depth < _DEEPEST:
            for inner in {*_decoded(blob), *_decoded(unquote_to_bytes(blob)), *self._unsealed(where, blob)}:
                self._look(where, inner, depth + 1)

    def know_keys(self, sealed: Iterable[tuple[str, bytes]]) -> None:
        for key_id, key_sealed in sealed:
            own = vault().open(key_sealed, purpose=PERSONAL_KEY)
            self._keys[key_id.encode()] = Vault([(key_id, own)])

    def _unsealed(self, where: str, blob: bytes) -> Iterator[bytes]:
        if not self.opened or len(blob) < 30 or blob[0] != 1 or not 1 <= blob[1] <= 32:
            return
        key_id = blob[2 : 2 + blob[1]]
        if key_id == vault().sealing_id.encode():
            opened = _open(vault(), blob)
            assert opened is not None, (
                f"{where}: sealed by the vault for a purpose that the source does not name"
            )
            yield opened
        elif key_id in self._keys:
            opened = _open(self._keys[key_id], blob)
            assert opened is not None, f"{where}: sealed under a personal key for an unknown purpose"
            yield opened


def _open(vault_of: Vault, blob: bytes) -> bytes | None:
    for purpose in purposes():
        try:
            return vault_of.open(blob, purpose=purpose)
        except VaultError:
            continue
    return None


@cache
def purposes() -> frozenset[str]:
    """All for which something is sealed anywhere in the source."""
    source = Path(arengo.__file__).parent.rglob("*.py")
    texts = [path.read_text() for path in source]
    named = (match for text in texts for match in _PURPOSE.findall(text))
    constants = (
        one for text in texts for line in _CONSTANTS.findall(text) for one in re.findall(r'"([^"]+)"', line)
    )
    return frozenset({"", *(one or other for one, other in named), *constants})


def _blobs(value: Any) -> Iterator[bytes]:
    if isinstance(value, (bytes, bytearray, memoryview)):
        yield bytes(value)
    elif isinstance(value, str):
        yield value.encode(errors="surrogatepass")
    elif isinstance(value, dict):
        yield json.dumps(value, ensure_ascii=False, default=str).encode(errors="surrogatepass")
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _blobs(part)
    elif value is not None:
        yield str(value).encode()


def _decoded(blob: bytes) -> set[bytes]:
    found = set()
    for word, shift in product(_BASE64.findall(blob), range(4)):
        bare = word.rstrip(b"=")[shift:].translate(bytes.maketrans(b"-_", b"+/"))
        bare = bare[: len(bare) - (len(bare) % 4 == 1)]
        found.add(base64.b64decode(bare + b"=" * (-len(bare) % 4)))
    for word in _HEX.findall(blob):
        try:
            found.add(binascii.unhexlify(word))
        except binascii.Error:
            continue
    return found


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        return [str(name) for (name,) in cursor.fetchall()]


def _rows(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a name from the catalogue
        return [column.name for column in cursor.description], cursor.fetchall()


def _scan(
    person: Named,
    *,
    opened: bool,
    words: bool,
    logs: Iterable[str],
    files: Iterable[Path],
    apart: Collection[str] = (),
) -> list[str]:
    scan = Scan(person, opened, words)
    dump = {table: _rows(table) for table in tables() if table not in apart}
    if opened:
        for table, (columns, rows) in dump.items():
            if "key_sealed" in columns:
                sealed, pk = (
                    columns.index("key_sealed"),
                    columns.index("id" if "id" in columns else "person_id"),
                )
                kind = table.partition("_")[2]
                scan.know_keys((f"{kind}:{row[pk]}", bytes(row[sealed])) for row in rows)
    for table, (columns, rows) in dump.items():
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                scan.look(f"{table}.{column}", value)
    for text in logs:
        scan.look("log", text)
    for path in files:
        scan.look(str(path), path.name)
        scan.look(str(path), path.read_bytes())
    return scan.found


def kept_files() -> list[Path]:
    """The media, and whatever else lies in the data folder beside PostgreSQL's own files: exports, logs."""
    places = [Path(settings.MEDIA_ROOT), Path(settings.DATA) / "postgres" / "log"]
    others = [path for path in Path(settings.DATA).iterdir() if path.name != "postgres"]
    return [
        path
        for place in [*places, *others]
        for path in ([place] if place.is_file() else place.rglob("*"))
        if path.is_file()
    ]


def clear(person: Named, *, words: bool = False, logs: Iterable[str] = ()) -> list[str]:
    """What names them to a reader of a dump, the files and the logs, without any key."""
    return _scan(person, opened=False, words=words, logs=logs, files=kept_files())


def with_vault(person: Named, *, logs: Iterable[str] = (), apart: Collection[str] = ()) -> list[str]:
    """What names them to a holder of the vault's keys as well; tables ``apart`` are left out."""
    return _scan(person, opened=True, words=True, logs=logs, files=kept_files(), apart=apart)


def traces_in(content: str | bytes, person: Named) -> list[str]:
    """What names them in this alone, without any key."""
    scan = Scan(person, opened=False, words=True)
    scan.look("here", content)
    return scan.found
