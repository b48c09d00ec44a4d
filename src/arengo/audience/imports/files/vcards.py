# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""vCard 2.1 to 4.0 (RFC 6350, RFC 2426): contacts as telephones and WhatsApp Business hand them out."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from arengo.audience.imports.files.table import MOST_LETTERS, MOST_ROWS, NotReadable, Table
from arengo.core import outside
from arengo.core.sentences import gettext as _

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_MOBILE = ("cell", "mobile", "iphone")


@dataclass
class _Card:
    name: str = ""
    parts: str = ""  # of N: family name, given name
    labels: str = ""
    numbers: list[tuple[int, str]] = field(
        default_factory=list
    )  # how likely it is the one of WhatsApp, and the number


def is_one(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:11].upper() == "BEGIN:VCARD"


def read(text: str, encoding: str) -> Table:
    """One row a card: name, number, labels. Of several numbers: the one that WhatsApp names, else the first mobile one."""
    rows = []
    for card in _cards(text):
        number = max(card.numbers, key=lambda each: each[0])[1] if card.numbers else ""
        name = card.name or " ".join(reversed([part for part in card.parts.split(";")[:2] if part]))
        rows.append([outside.text(value.strip(), most=MOST_LETTERS) for value in (name, number, card.labels)])
        if len(rows) > MOST_ROWS:
            raise NotReadable(
                _("Il file ha più di %(most)d righe: dividilo in più file.") % {"most": MOST_ROWS}
            )
    if not rows:
        raise NotReadable(_("Nel file non c’è nessun contatto."))
    return Table(["Nome", "Telefono", "Categorie"], rows, 1, encoding)


def _cards(text: str) -> Iterator[_Card]:
    card: _Card | None = None
    for line in _lines(text):
        head, colon, value = line.partition(":")
        if not colon:
            continue
        name, *parameters = head.split(";")
        name = name.rpartition(".")[2].strip().upper()  # "item1.TEL" is TEL
        if name == "BEGIN":
            card = _Card()
        elif card is None:
            continue
        elif name == "END":
            yield card
            card = None
        elif name in ("FN", "N", "TEL", "CATEGORIES"):
            _take(card, name, [each.strip().lower() for each in parameters], value)


def _lines(text: str) -> Iterator[str]:
    """Logical lines: folded ones in one, and those of quoted-printable that end in «=» with what follows."""
    held = ""
    for line in _FOLD.sub("", text).splitlines():
        line = held + line
        held = ""
        if line.endswith("=") and "QUOTED-PRINTABLE" in line.partition(":")[0].upper() and len(line) < 5_000:
            held = line[:-1]
            continue
        yield line
    if held:
        yield held


def _take(card: _Card, name: str, parameters: list[str], value: str) -> None:
    if "encoding=quoted-printable" in parameters or "quoted-printable" in parameters:
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    if name == "N":
        card.parts = _unescaped(value)
    elif name == "FN":
        card.name = card.name or _unescaped(value)
    elif name == "CATEGORIES":
        card.labels = _unescaped(value)
    else:
        own = next((each.partition("=")[2] for each in parameters if each.startswith("waid=")), "")
        if own.isdigit():
            card.numbers.append((2, f"+{own}"))
        else:
            mobile = any(word in each for each in parameters for word in _MOBILE)
            card.numbers.append((1 if mobile else 0, value.removeprefix("tel:")))


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found.group(1) in "nN" else found.group(1), value)
