# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`system` messages that tell of a new number or user id, in every form that Meta has used.

`user_changed_number` where the number is known, `user_changed_user_id` where it cannot be shared, `customer_changed_number`
until 2024. Beside the new ones stand `previous_user_id`, in old forms `customer`, in some only the words «… changed from A to B»;
`from` is the old number or the new one, `from_user_id` likewise, and each may be missing (Meta, August 2026).
"""

from __future__ import annotations

import re
from datetime import datetime

from arengo.platforms.contract import Address, IdentityChanged
from arengo.platforms.whatsapp import webhook_types as types
from arengo.platforms.whatsapp.leaves import Unclear
from arengo.platforms.whatsapp.numbers import phone

_NUMBER = frozenset({"user_changed_number", "customer_changed_number"})
_USER_ID = "user_changed_user_id"
_FROM_TO = re.compile(r"changed from (\S{1,300}) to (\S{1,300})\s*$")


def is_one(sent: types.Message) -> bool:
    return sent.type == "system" and sent.system is not None and sent.system.type in {*_NUMBER, _USER_ID}


def change(sent: types.Message, at: datetime) -> IdentityChanged | None:
    """None where before and after are the same. Raises Unclear where either is not found."""
    system = sent.system or types.System()
    found = _FROM_TO.search(system.body or "")
    was, becomes = found.groups() if found else (None, None)
    user_id = system.user_id or _other_id(sent.from_user_id, system.previous_user_id) or _id(becomes)
    previous_id = system.previous_user_id or _other_id(sent.from_user_id, user_id) or _id(was)
    number = phone(system.wa_id) or phone(system.new_wa_id) or phone(becomes)
    # Beside the new user id stands the number of now, and so it does where only the id is new.
    now = sent.from_user_id is not None and sent.from_user_id == user_id
    if number is None and (now or system.type == _USER_ID):
        number = phone(sent.sender)
    previous_number = (
        phone(system.previous_wa_id) or phone(system.customer) or phone(sent.sender) or phone(was)
    )
    if previous_id == user_id:
        previous_id = None
    previous = Address(phone=previous_number, user_id=previous_id)
    current = Address(phone=number, user_id=user_id)
    if not (current.phone or current.user_id):
        raise Unclear("a change of number or id without the new one")
    if not (previous.phone or previous.user_id):
        raise Unclear("a change of number or id without the one before")
    return None if previous == current else IdentityChanged(previous=previous, current=current, at=at)


def _other_id(user_id: str | None, other: str | None) -> str | None:
    """`from_user_id`, where it is not the id that is known already to be the other one of the two."""
    return user_id if user_id and user_id != other else None


def _id(word: str | None) -> str | None:
    """A user id out of Meta's sentence, which names numbers in the same place."""
    return word if word and phone(word) is None and "." in word else None
