# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 3: PostgreSQL is killed, postmaster and all, and started again, in the middle of a mailing and of webhooks."""

from __future__ import annotations

import random
import time

from faults.counting import Found, count
from faults.ground import Ground
from faults.knocking import WebhookSource
from faults.town import town
from faults.workers import finish, moments, prepare, until_left


def database_killed(
    ground: Ground, *, recipients: int, kills: int, alert: bool, connections: int = 16, away: float = 3.0
) -> Found:
    """Meanwhile webhooks get 503, worker and web wait; afterwards both go on, the same processes as before."""
    began = time.monotonic()
    with town(ground) as place:
        web = prepare(place, recipients, alert=alert)
        worker = place.worker()
        with WebhookSource(place, connections=connections, pause=0.005) as source:
            for moment in moments(recipients, kills):
                until_left(place, recipients, moment)
                refused = source.answers[503]
                ground.kill()
                place.kills += 1
                source.wait_for_refusal(refused)
                time.sleep(random.uniform(0, away))
                ground.start()
                source.wait_for_acknowledgement()
            alive = worker.alive and web.alive
            place.until(lambda: place.leaving == 0, 300, lambda: f"all is sent ({place.leaving} wait)")
        finish(place, [worker])
        found = count(place, "PostgreSQL killed", alert=alert)
        found.recipients += len(source.acknowledged)
        found.problems += source.problems(allowed={200, 503})
        found.problems += [] if alive else ["a process ended with its database"]
        found.note = (
            f"{len(source.acknowledged)} webhooks acknowledged, {source.answers[503]} told to come again"
        )
    found.seconds = time.monotonic() - began
    return found
