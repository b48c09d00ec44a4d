# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One number with its owner, and all that is remembered of what was wanted, seen and doubted: the state machine's hands."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from arengo.core.events import Batch
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState
from arengo.delivery.queue.claimed import OwnedSender
from arengo.delivery.receipts import applying
from arengo.delivery.sql import statement
from arengo.platforms.contract import Address, ReceiptReceived, ReceiptStatus, Remedy
from tests.factories.core import make_organization, make_person
from tests.factories.delivery import make_sender
from tests.faults.crashing import Mortal
from tests.faults.weather import Platform

_NEVER_LEFT = (DeliveryState.UNCERTAIN, DeliveryState.QUEUED)
_organizations = itertools.count(1)


class Number:
    """What a state machine's rules work with; ``set_up`` comes before the first of them."""

    def set_up(self) -> None:
        serial = next(_organizations)
        self.platform = Platform()
        self.organization = make_organization(f"Comune {serial}", f"comune-{serial}")
        self.scope = organization_scope(self.organization)
        self.scope.__enter__()
        self.alice = make_person(f"alice{serial}@esempio.test", "Alice")
        self.sender = make_sender(self.organization, rate=1000)
        self.owner: Mortal | None = None
        self.zombies: list[Mortal] = []
        self.mistaken: list[Mortal] = []
        self.wanted: Counter[int] = Counter()  # deliveries, and how often a person wanted each of them sent
        self.doubted: Counter[int] = Counter()  # how often each was uncertain, and then decided to go again
        self.known: dict[int, int] = {}  # the state in which each was last seen
        self.people = itertools.count(1)

    def _own(self) -> Mortal:
        """Whoever owns the number now; a new owner takes over as ``ownership`` does."""
        if self.owner is None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT FROM delivery_sender WHERE id = %s FOR NO KEY UPDATE", [self.sender.pk]
                )
                cursor.execute(
                    "UPDATE delivery_sender SET epoch = epoch + 1 WHERE id = %s RETURNING epoch",
                    [self.sender.pk],
                )
                epoch = int(cursor.fetchone()[0])
                cursor.execute(statement("take_over"), {"sender": self.sender.pk, "epoch": epoch})
            owned = OwnedSender(
                self.sender.pk, self.organization.pk, "whatsapp", self.sender.credentials, 1000, epoch
            )
            self.owner = Mortal(owned, self.platform, self._holds)
        return self.owner

    def _holds(self, mortal: Mortal) -> bool:
        return mortal is self.owner or mortal in self.mistaken

    def _retire(self) -> None:
        if self.owner is not None and self.owner.ended:
            self.owner = None

    def _address(self) -> Address:
        return Address(phone=f"+39347{next(self.people):07d}")

    def _deliveries(self) -> Any:
        return Delivery.objects.filter(sender=self.sender)

    def _learn(self) -> None:
        """New deliveries are wanted once."""
        for pk in self._deliveries().exclude(pk__in=list(self.wanted)).values_list("pk", flat=True):
            self.wanted[pk] = 1

    def _again(self, pks: set[int]) -> None:
        self._see()
        for pk in pks:
            self.wanted[pk] += 1
            self.known[pk] = 0

    def _see(self) -> None:
        back = {}
        for pk, state in self._deliveries().values_list("pk", "state"):
            # From uncertain to waiting is no way back: who had claimed it says that it never left.
            if state < self.known.get(pk, 0) and (self.known[pk], state) != _NEVER_LEFT:
                back[pk] = (self.known[pk], state)
            self.known[pk] = state
        assert not back, f"went back: {back}"

    def _receipt(self, message_id: str, pk: int, word: ReceiptStatus, *, opaque: bool) -> ReceiptReceived:
        failed = word is ReceiptStatus.FAILED
        return ReceiptReceived(
            message_id=message_id,
            status=word,
            at=datetime.now(UTC) - timedelta(seconds=pk % 7),
            opaque=str(pk) if opaque else "",
            code=131026 if failed else 0,
            remedy=Remedy.NEVER if failed else None,
        )

    def _tell(self, told: Any) -> None:
        with transaction.atomic():
            applying.apply(Batch(self.organization.pk, self.sender.pk, list(told), "whatsapp"))
