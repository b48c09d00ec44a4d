# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number to save, as a card of an address book (vCard 3.0, which every phone reads)."""

from __future__ import annotations

from arengo.core.models import Organization

_LINE = 75  # octets, RFC 2425 5.8.1


def card(organization: Organization, name: str, number: str, address: str) -> bytes:
    """``name``: under which it is saved; "" is the organization's own. ``number`` as it is shown, ``address`` of the page to read more."""
    shown = name or organization.name
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:{_text(shown)};;;;",
        f"FN:{_text(shown)}",
        f"ORG:{_text(organization.name)}",
        f"TEL;TYPE=CELL,VOICE:{number.replace(' ', '')}",
        f"URL:{address}",
        "END:VCARD",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.split())


def _folded(line: str) -> list[str]:
    parts, used = [""], 0
    for sign in line:
        size = len(sign.encode())
        if used + size > _LINE:
            parts.append(" ")
            used = 1
        parts[-1] += sign
        used += size
    return parts
