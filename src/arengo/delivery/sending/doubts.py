# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may have been sent, or not: deciding it when patience ends, evidence for who must decide, and its words (decision 12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _, ngettext

from arengo.core.live import announce
from arengo.delivery.limits import ceilings
from arengo.delivery.models import Delivery, Doubt, Fanout, Sender
from arengo.delivery.sql import statement

_BITE = 200  # deliveries weighed in one transaction: some tenths of a second at the fastest pace
_MOST_BATCHES = 50  # of one run; the next is a minute later
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def settling(sender_id: int) -> dict[str, Any]:
    """What ``settle.sql`` takes."""
    return {
        "sender": sender_id,
        "patience": ceilings.PATIENCE,
        "repeats": ceilings.REPEATS_OF_AN_ALERT,
        "tries": ceilings.TRIES_KEPT,
        "evidence_after": ceilings.EVIDENCE_AFTER,
    }


def settle_stopped() -> None:
    """Of senders that nobody sends for: their owner would do it. Call inside ``every_organization``."""
    stopped = Sender.objects.filter(state=Sender.State.STOPPED)
    for sender_id in stopped.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement("settle"), settling(sender_id))
            _announce(cursor.fetchall())


def weigh() -> int:
    """Looks for evidence where it is time to, of all organizations; how many deliveries were looked at."""
    values: dict[str, Any] = {
        "most": _BITE,
        "around": ceilings.EVIDENCE_AROUND,
        "neighbours": ceilings.EVIDENCE_NEIGHBOURS,
        "after": ceilings.EVIDENCE_AFTER,
        "until": ceilings.EVIDENCE_UNTIL,
    }
    looked = 0
    for _batch in range(_MOST_BATCHES):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement("weigh"), values)
            rows = cursor.fetchall()
            _announce(rows)
        found = sum(int(row[2]) for row in rows)
        looked += found
        if found < _BITE:
            break
    return looked


def _announce(rows: Iterable[tuple[Any, ...]]) -> None:
    topics: dict[int, list[str]] = defaultdict(list)
    for organization_id, topic, *_more in rows:
        if topic:
            topics[organization_id].append(topic)
    for organization_id, names in topics.items():
        announce(organization_id, *names)


# --- what a person reads before pressing --------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """About one unknown delivery. ``neighbours``: None where nothing tells whether it went."""

    neighbours: int | None
    mark: int  # names this doubt, and not a later one of the same delivery (``outbox.retry``)
    may_come: bool  # evidence is still looked for

    @property
    def words(self) -> str:
        if self.neighbours is not None:
            said = ngettext(
                "Non è partito, con ogni probabilità: %(n)d altro messaggio spedito nello stesso momento ha la ricevuta, "
                "questo no.",
                "Non è partito, con ogni probabilità: gli altri %(n)d messaggi spediti nello stesso momento hanno tutti la "
                "ricevuta, questo no.",
                self.neighbours,
            )
            return said % {"n": self.neighbours}
        return _(
            "Non si sa se è arrivato: WhatsApp non ha dato una risposta chiara e non c’è ricevuta. Inviandolo di nuovo, la "
            "persona potrebbe riceverlo due volte."
        )


def evidence(delivery: Delivery) -> Evidence:
    doubt: Doubt | None = getattr(delivery, "doubt", None)
    if doubt is None:
        return Evidence(None, 0, may_come=False)
    return Evidence(doubt.neighbours, mark_of(doubt.since), may_come=doubt.weigh_at is not None)


@dataclass(frozen=True)
class Unknown:
    """Of a mailing: how many are unknown, of how many of them there is evidence that they did not go."""

    count: int
    not_sent: int
    fewest: int  # neighbours of those
    most: int
    mark: int  # names these doubts, and no later ones (``outbox.retry_unknown``)
    may_come: int  # of how many evidence is still looked for

    @property
    def open(self) -> int:
        """Of which nothing tells."""
        return max(0, self.count - self.not_sent)


def unknown(fanout: Fanout) -> Unknown:
    with connection.cursor() as cursor:
        cursor.execute(statement("unknown"), {"fanout": fanout.pk})
        not_sent, fewest, most, since, may_come = cursor.fetchone()
    return Unknown(fanout.n_unknown, not_sent, fewest, most, mark_of(since), may_come)


def mark_of(since: datetime | None) -> int:
    """A moment as a whole number, for a form."""
    return 0 if since is None else (since - _EPOCH) // timedelta(microseconds=1)


def moment_of(mark: int) -> datetime:
    """The other way; the earliest moment where no clock tells such a time."""
    try:
        return _EPOCH + timedelta(microseconds=mark)
    except OverflowError:
        return _EPOCH
