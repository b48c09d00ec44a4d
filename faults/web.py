# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 2: the web process is killed while webhooks pour in."""

from __future__ import annotations

import random
import time
from typing import Any

from faults.counting import Found, count
from faults.ground import Ground
from faults.knocking import NOBODY, WebhookSource
from faults.town import Town, town
from faults.workers import finish


def web_killed(
    ground: Ground, *, recipients: int, written: int, kills: int, connections: int = 16, life: float = 2.0
) -> Found:
    """Receipts of a mailing, citizens who write, and webhooks of our own: acknowledged is applied, once."""
    began = time.monotonic()
    with town(ground) as place:
        place.conditions(read_rate=0.3)
        web = place.web()
        place.connect_webhooks()
        people = place.people(recipients)
        place.mail([person["phone"] for person in people], alert=False)
        worker = place.worker()
        ids: list[str] = []
        with WebhookSource(place, connections=connections, pause=0.005) as source:
            for kill in range(kills):
                ids += write(place, people, written * kill // kills, written * (kill + 1) // kills)
                time.sleep(random.uniform(0, life))
                place.kill(web)
                time.sleep(random.uniform(0, life / 4))
                web = place.web()
            source.wait_for_acknowledgement()
        finish(place, [worker])
        found = count(place, "web process killed")
        found.recipients += len(ids) + len(source.acknowledged)
        found.problems += source.problems(allowed={200, NOBODY}) + unheard(place, ids)
        found.note = f"{len(source.acknowledged)} acknowledged, {len(ids)} written"
    found.seconds = time.monotonic() - began
    return found


def write(place: Town, people: list[dict[str, Any]], first: int, last: int) -> list[str]:
    """Citizens write to the town, on their phones; the ids of the messages."""
    return [
        str(
            place.sandbox.control(
                "POST", f"/people/{people[n % len(people)]['id']}/messages", {"text": f"Buongiorno {n}"}
            )["id"]
        )
        for n in range(first, last)
    ]


def unheard(place: Town, ids: list[str]) -> list[str]:
    """What citizens wrote and is not on the desk exactly once."""
    hashes = list(place.hashes(ids))
    heard = place.number("SELECT count(*) FROM desk_message WHERE platform_message_hash = ANY(%s)", hashes)
    missing = len(ids) - heard
    return [f"{missing} messages of citizens are not on the desk once"] if missing else []
