# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Phone numbers as WhatsApp writes them."""

from __future__ import annotations

import re

# A mobile number that WhatsApp knows with a digit or without, depending on when it was registered: Brazil's ninth digit,
# Mexico's 1, Argentina's 9. What stands in `wa_id` may then differ from `from`.
_SAME = (
    (re.compile(r"\+55([1-9][1-9])9?([0-9]{8})"), r"+55\1\2"),
    (re.compile(r"\+521?([0-9]{10})"), r"+52\1"),
    (re.compile(r"\+549?([0-9]{10})"), r"+54\1"),
)


def phone(wa_id: str | None) -> str | None:
    """E.164 with its plus sign, only from what is digits through and through: a user id is never made a number."""
    if not wa_id:
        return None
    digits = wa_id[1:] if wa_id[0] == "+" else wa_id
    if digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15:
        return "+" + digits
    return None


def line_of(number: str) -> str:
    """The same for two writings, with their plus signs, of one line."""
    for form, short in _SAME:
        found = form.fullmatch(number)
        if found:
            return found.expand(short)
    return number
