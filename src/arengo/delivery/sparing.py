# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who left is spared what has not left yet; who is erased leaves no address behind.

The events come from the audience, which stands on our floor: they are read by their shape.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.db import connection

from arengo.core.events import Batch
from arengo.core.vault import vault
from arengo.platforms.contract import Address


class Addressed(Protocol):
    @property
    def address(self) -> Address: ...


# By mailing and address: the unique index answers, however many deliveries there are.
_OF_MAILINGS = (
    "fanout_id IN (SELECT id FROM delivery_fanout WHERE organization_id = %(organization)s) "
    "AND address_hash = ANY(%(hashes)s)"
)


def subscription_ended(batch: Batch[Addressed]) -> None:
    """A mailing under way does not reach who just left: «at once» also holds for what waits in the outbox."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE delivery_delivery SET state = 95 WHERE state = 0 AND {_OF_MAILINGS}",  # noqa: S608  # our own constant
            {"organization": batch.organization_id, "hashes": _hashes(batch)},
        )


def address_erased(batch: Batch[Addressed]) -> None:
    """Nothing more is sent there, and what was sent keeps its outcome but not to whom, nor its words.

    The platform's message id goes too: WhatsApp's holds the phone number.
    """
    values: dict[str, Any] = {"organization": batch.organization_id, "hashes": _hashes(batch)}
    with connection.cursor() as cursor:
        for which in (
            _OF_MAILINGS,
            "fanout_id IS NULL AND organization_id = %(organization)s AND address_hash = ANY(%(hashes)s)",
        ):
            cursor.execute(
                "UPDATE delivery_delivery SET state = CASE WHEN state = 0 THEN 95 ELSE state END, address_sealed = '', "  # noqa: S608
                f" outgoing_sealed = NULL, message_id = '', address_hash = sha256(id::text::bytea) WHERE {which}",
                values,
            )


def _hashes(batch: Batch[Addressed]) -> list[bytes]:
    """Of each address every form under which it may have been written to: by its number and by its user id."""
    forms = [
        form
        for event in batch.events
        for form in (
            event.address,
            Address(phone=event.address.phone),
            Address(user_id=event.address.user_id),
        )
        if form.phone or form.user_id
    ]
    return list({vault().lookup(form.key) for form in forms})
