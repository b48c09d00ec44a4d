# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 8: every odd answer that may follow an acceptance, with receipts that come at once, late, or never."""

from __future__ import annotations

import time
from typing import Any

from faults.counting import Found, count
from faults.ground import Ground, django_at
from faults.town import Town, town
from faults.workers import finish

# One share of the sends is accepted and then answered so, another (where that is possible) answered so and not accepted.
ANSWERS: dict[str, dict[str, Any]] = {
    "reset": {"kind": "reset"},
    "half an answer": {"kind": "half"},
    "500, JSON": {"code": 131000, "as": "response"},
    "503, JSON": {"code": 133004, "as": "response"},
    "502, HTML": {"http": 502},
    "200, HTML": {"http": 200},
    "gzip, broken": {"kind": "gzip_broken"},
    "gzip": {"kind": "gzip"},
    "redirect": {"kind": "redirect"},
    "30 s late": {"kind": "late", "seconds": 30},
    "closed keep-alive": {"kind": "close"},
}
RECEIPTS = ("prompt", "late", "never")
_ALWAYS_ACCEPTED = ("gzip", "late")  # where there is an answer to be odd
_AFTER, _BEFORE = 0.15, 0.05  # shares of the sends
_WITHIN = 400.0
_CONDITIONS: dict[str, dict[str, Any]] = {
    "prompt": {},
    "late": {"webhooks": {"paused": True}},
    "never": {"webhooks": {"receipts": False}},
}


def after_acceptance(ground: Ground, *, answer: str, receipts: str, news: int, alerts: int) -> Found:
    """A digest and an alert. Nobody is lost; of the digest nobody hears twice; of the alert nobody hears three times.

    What the evidence says of those that are unknown (decision 12) is held against the platform's ledger.
    """
    began = time.monotonic()
    name = f"{answer}; receipts {receipts}"
    with town(ground, rate=100) as place:
        place.conditions(latency_ms=20, read_rate=0.3, errors=_errors(answer), **_CONDITIONS[receipts])
        place.web()
        place.connect_webhooks()
        phones = [person["phone"] for person in place.people(news + alerts)]
        place.mail(phones[:news], alert=False)
        place.mail(phones[news:], alert=True)
        worker = place.worker()
        place.until(lambda: place.leaving == 0, _WITHIN, lambda: f"all has left ({place.leaving} wait)")
        if receipts == "late":
            _decided_without_receipts(place)
        place.conditions(webhooks={"paused": False})
        finish(place, [worker])
        found = count(place, name, reported=receipts != "never")
        found.problems += _evidence(place, found, expected=receipts == "prompt")
        stopped = place.number("SELECT count(*) FROM delivery_sender WHERE state <> 'active'")
        found.problems += [f"{stopped} senders stopped for what passes by itself"] if stopped else []
    found.seconds = time.monotonic() - began
    return found


def _errors(answer: str) -> list[dict[str, Any]]:
    odd = ANSWERS[answer]
    errors = [{**odd, "when": "after", "rate": _AFTER}]
    if odd.get("kind") not in _ALWAYS_ACCEPTED:
        errors.append({**odd, "when": "before", "rate": _BEFORE})
    return errors


def _decided_without_receipts(place: Town) -> None:
    """Patience ends, an alert goes again, and that too is decided, before the first receipt comes."""

    def decided() -> bool:
        place.patience_ends()
        return place.waiting == 0

    place.until(decided, _WITHIN, lambda: f"all is decided ({place.waiting} are not)")


def _evidence(place: Town, found: Found, *, expected: bool) -> list[str]:
    """As if ten minutes had passed. ``expected``: receipts came, so that something must be found."""
    from arengo.core.scope import every_organization
    from arengo.delivery.sending import doubts

    place.change("UPDATE delivery_doubt SET weigh_at = now() WHERE weigh_at IS NOT NULL")
    with django_at(place.url), every_organization("a sweep looks for evidence"):
        doubts.weigh()
    said = {
        str(pk)
        for (pk,) in place.rows(
            "SELECT w.delivery_id FROM delivery_doubt w JOIN delivery_delivery d ON d.id = w.delivery_id "
            "WHERE d.state = 17 AND w.neighbours IS NOT NULL"
        )
    }
    sent = {str(entry["biz_opaque_callback_data"]) for entry in place.ledger()}
    found.note = f"of {found.unknown} unknown, evidence says of {len(said)} that they did not go"
    wrong = len(said & sent)
    problems = [f"evidence says that {wrong} did not go, and they had"] if wrong else []
    if expected and found.unknown and not said:
        problems.append("no evidence was found")
    return problems
