# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of a delivery, merged and ready for ``sql/move.sql``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from arengo.core import outside
from arengo.core.vault import vault
from arengo.delivery.models import MESSAGE_ID, DeliveryState
from arengo.platforms.contract import ReceiptReceived, ReceiptStatus
from arengo.platforms.redaction import without_ids

_encode = msgspec.json.Encoder().encode
_NAMES = re.compile(r"wamid\.\S+|\+?\d(?:[ ().\-/]{0,2}\d){6,}")
_MOST_REASON = 1000  # characters of a platform's own words that are kept


_QUEUED = int(DeliveryState.QUEUED)


class Move(msgspec.Struct, omit_defaults=True):
    """Field by field what ``move.sql`` reads of it."""

    delivery_id: int
    state: int = _QUEUED
    message_hash: str = ""  # as_bytea(…)
    message_sealed: str = ""  # as_bytea(…)
    answered: bool = False  # the id is the platform's answer to our own send, not what a receipt says
    accepted_at: datetime | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    failed_at: datetime | None = None
    code: int = 0
    reason: str = ""
    billable: bool | None = None
    category: str = ""
    tried_at: datetime | None = None  # of what is uncertain: when it may have left

    def learn(self, receipt: ReceiptReceived) -> None:
        """Adds one receipt. Any order, any number of times: the same receipts always make the same move."""
        match receipt.status:
            case ReceiptStatus.SENT:
                self._reach(DeliveryState.SENT)
                self.sent_at = _first(self.sent_at, receipt.at)
            case ReceiptStatus.DELIVERED:
                self._reach(DeliveryState.DELIVERED)
                self.delivered_at = _first(self.delivered_at, receipt.at)
            case ReceiptStatus.READ | ReceiptStatus.PLAYED:
                self._reach(DeliveryState.READ)
                self.read_at = _first(self.read_at, receipt.at)
                # A read without its delivered is common: who read it has it.
                self.delivered_at = _first(self.delivered_at, receipt.at)
            case ReceiptStatus.FAILED:
                self._reach(DeliveryState.ACCEPTED)
                self.failed_at = _first(self.failed_at, receipt.at)
                self.code, self.reason = receipt.code, reason_of(receipt.title, receipt.details)
        # Whatever a receipt reports, the platform had accepted the message.
        self.accepted_at = _first(self.accepted_at, receipt.at)
        if receipt.message_id and not self.message_hash:
            self.message_hash = as_bytea(vault().message_hash(receipt.message_id))
        self.billable = self.billable if receipt.billable is None else receipt.billable
        self.category = receipt.price_category or self.category

    def identify(self, message_id: str, *, keep: bool = False) -> None:
        """The platform's id of the message, as its answer gives it: as its hash, and with ``keep`` sealed as well."""
        if message_id:
            self.answered = True
            self.message_hash = as_bytea(vault().message_hash(message_id))
            if keep:
                self.message_sealed = as_bytea(vault().seal_text(message_id, purpose=MESSAGE_ID))

    def _reach(self, state: int) -> None:
        self.state = max(self.state, state)


def as_bytea(value: bytes) -> str:
    """As PostgreSQL reads bytes in a text."""
    return "\\x" + value.hex()


def reason_of(title: str, details: str) -> str:
    """The platform's own words, without what would name somebody: a number, or a message id that holds one."""
    whole = f"{title}: {details}" if title and details and details != title else title or details
    # An id that was cut would still give its number away: it goes first.
    return outside.text(_NAMES.sub("…", without_ids(whole)), most=_MOST_REASON)


def _first(known: datetime | None, new: datetime) -> datetime:
    return new if known is None else min(known, new)


def overtaken(rows: Iterable[Sequence[Any]]) -> bool:
    """Of the rows that ``move.sql`` returns: whether it must be asked once more, with the same parameters."""
    return any(row[4] for row in rows)


def parameters(sender_id: int, moves: Iterable[Move]) -> dict[str, Any]:
    """What ``move.sql`` takes. One JSON text: writing a dozen arrays element by element costs more than all the rest."""
    return {"sender": sender_id, "rows": _encode(list(moves)).decode()}
