# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sweep found, counted from the platform's ledger and from our database: neither is believed alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.town import Town

_DECIDED = (17, 20, 30, 40, 50, 90, 95)
_REPEATS = 1  # of an alert by itself, in its whole life: decision 12, and not what the code says of itself
_ON_SCREEN = (17, 90, 95)  # unknown, failed, cancelled: not sent as far as we know, and said so


@dataclass
class Found:
    """One row of the table. ``problems`` is empty when the sweep stood."""

    name: str
    recipients: int = 0
    alert: bool = False
    kills: int = 0
    lost: int = 0
    twice: int = 0
    uncertain_resolved: int = 0
    seconds: float = 0.0
    again: int = (
        0  # alerts sent again because nobody knew: heard twice rather than not at all, and not three times
    )
    unknown: int = 0  # said to be unknown on screen: perhaps not sent, and not sent again
    note: str = ""
    problems: list[str] = field(default_factory=list)
    skipped: bool = False

    def record(self) -> dict[str, Any]:
        """As it stands in faults.json."""
        names = ("name", "recipients", "alert", "kills", "lost", "twice", "uncertain_resolved")
        counted = {name: getattr(self, name) for name in names}
        also = {"again": self.again, "unknown": self.unknown, "ok": not self.problems}
        return {**counted, "seconds": round(self.seconds, 1), **also, "note": self.note}


def count(town: Town, name: str, *, alert: bool = False, reported: bool = True) -> Found:
    """Every delivery of the town, after the dust has settled. ``reported``: by the platform, in its receipts."""
    deliveries = {str(pk): int(state) for pk, state in town.rows("SELECT id, state FROM delivery_delivery")}
    uncertain = {str(pk) for (pk,) in town.rows("SELECT delivery_id FROM faults_uncertain")}
    ledger = town.ledger()
    sends = Counter(entry["biz_opaque_callback_data"] for entry in ledger)
    found = Found(name, len(deliveries), alert, town.kills)
    repeated = {pk for pk, times in sends.items() if times > 1}
    alerts = {str(pk) for (pk,) in town.rows("SELECT id FROM delivery_delivery WHERE urgency = 0")}
    allowed = {pk for pk in repeated if pk in alerts and pk in uncertain and sends[pk] <= 1 + _REPEATS}
    found.again = sum(sends[pk] - 1 for pk in allowed)
    found.twice = len(repeated - allowed)
    found.lost = sum(1 for pk, state in deliveries.items() if not sends[pk] and state not in _ON_SCREEN)
    found.uncertain_resolved = sum(deliveries.get(pk) in _DECIDED for pk in uncertain)
    found.unknown = sum(state == 17 for state in deliveries.values())
    found.problems = _problems(town, deliveries, sends, found, reported=reported)
    behind = sum(_behind(entry, deliveries) for entry in ledger) if reported else 0
    found.problems += [f"{behind} receipts that changed nothing"] if behind else []
    return found


def _problems(
    town: Town, deliveries: dict[str, int], sends: Counter[str], found: Found, *, reported: bool
) -> list[str]:
    undecided = sum(state not in _DECIDED for state in deliveries.values())
    strange = sum(pk not in deliveries for pk in sends)
    in_vain = sum(bool(sends[pk]) and state in (17, 95) for pk, state in deliveries.items())
    checks = {
        "lost": found.lost,
        "sent twice": found.twice,
        "without a final state": undecided,
        "sent, and not ours": strange,
        "sent and reported, and yet said to be unknown or cancelled": in_vain if reported else 0,
        "moved back": town.number("SELECT count(*) FROM faults_backwards"),
        "still in the outbox": town.waiting,
        "mailings whose counters are not the sum of their rows": _miscounted(town),
    }
    return [f"{number} {what}" for what, number in checks.items() if number]


def _behind(entry: dict[str, Any], deliveries: dict[str, int]) -> bool:
    """The platform knows more of this message than we do, although it told us."""
    state = deliveries.get(entry["biz_opaque_callback_data"], 0)
    if entry["status"] == "failed":
        return state != 90
    return state < {"sent": 30, "delivered": 40, "read": 50}.get(str(entry["status"]), 0)


def _miscounted(town: Town) -> int:
    return town.number(
        "SELECT count(*) FROM delivery_fanout f LEFT JOIN LATERAL ("
        " SELECT count(*) AS total, count(d.accepted_at) AS accepted, count(d.delivered_at) AS delivered,"
        "  count(d.read_at) AS read, count(*) FILTER (WHERE d.state = 90) AS failed,"
        "  count(*) FILTER (WHERE d.state = 17) AS unknown"
        " FROM delivery_delivery d WHERE d.fanout_id = f.id) r ON true "
        "WHERE (f.total, f.n_accepted, f.n_delivered, f.n_read, f.n_failed, f.n_unknown) IS DISTINCT FROM "
        " (r.total, r.accepted, r.delivered, r.read, r.failed, r.unknown)"
    )


def table(found: Sequence[Found]) -> str:
    """For people."""
    heads = ("", "recipients", "kills", "lost", "twice", "uncertain", "again", "unknown", "seconds", "")
    lines: list[tuple[str, ...]] = [heads]
    for row in found:
        numbers = (
            row.recipients,
            row.kills,
            row.lost,
            row.twice,
            row.uncertain_resolved,
            row.again,
            row.unknown,
        )
        outcome = "skipped: " + row.note if row.skipped else "; ".join(row.problems) or "ok"
        kind = f"{row.name} (alert)" if row.alert else row.name
        lines.append((kind, *(f"{number:,}" for number in numbers), f"{row.seconds:.1f}", outcome))
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column in (0, len(heads) - 1) else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def write(found: Sequence[Found], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([row.record() for row in found], indent=2, ensure_ascii=False) + "\n")
