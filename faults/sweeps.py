# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sweeps by name, at their full size. The short ones are in ``tests/faults``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from faults import answers, database, disk, files, misbehaviour, receipts, stepback, web, workers, zombies
from faults.counting import Found
from faults.ground import Ground

Sweep = Callable[[Ground], Found]

# Shares of sends that meet something. An answer that stays away does so for longer than the client waits.
_WEATHER: dict[str, list[dict[str, Any]]] = {
    "timeouts before acceptance": [{"kind": "timeout_before", "rate": 0.05, "seconds": 60}],
    "timeouts after acceptance": [{"kind": "timeout_after", "rate": 0.05, "seconds": 60}],
    "connections reset before": [{"kind": "reset", "when": "before", "rate": 0.1}],
    "connections reset after": [{"kind": "reset", "when": "after", "rate": 0.1}],
    "HTTP 500, 502, 503": [
        {"code": 131000, "rate": 0.1},
        {"http": 502, "when": "before", "rate": 0.05},
        {"http": 502, "when": "after", "rate": 0.05},
        {"http": 503, "rate": 0.05},
    ],
    "malformed JSON": [
        {"kind": "malformed", "when": "before", "rate": 0.05},
        {"kind": "malformed", "when": "after", "rate": 0.05},
    ],
    "130429, 131056 in between": [{"code": 130429, "rate": 0.1}, {"code": 131056, "rate": 0.1}],
}

SWEEPS: dict[str, list[Sweep]] = {
    "worker": [
        partial(workers.one_worker, recipients=10_000, kills=30, alert=False),
        partial(workers.one_worker, recipients=10_000, kills=30, alert=True),
        partial(workers.one_of_two, recipients=5_000, kills=6, alert=False),
        partial(workers.one_of_two, recipients=5_000, kills=6, alert=True),
    ],
    "web": [partial(web.web_killed, recipients=3_000, written=1_000, kills=10, connections=32)],
    "database": [
        partial(database.database_killed, recipients=5_000, kills=4, alert=False),
        partial(database.database_killed, recipients=5_000, kills=4, alert=True),
    ],
    "platform": [
        *(
            partial(misbehaviour.weather, name=name, errors=errors, recipients=500)
            for name, errors in _WEATHER.items()
        ),
        partial(
            misbehaviour.weather,
            name="all of that at once",
            errors=[entry for errors in _WEATHER.values() for entry in errors if entry["rate"] <= 0.05],
            recipients=500,
            alert=True,
        ),
        *(partial(misbehaviour.busy, code=code, recipients=300) for code in (130429, 131056)),
        partial(misbehaviour.failing, recipients=300),
        *(partial(misbehaviour.stopped, code=code, recipients=500) for code in (131048, 131031, 190, 131042)),
        # Meta's page has these two among the reasons that come after a 200.
        *(partial(misbehaviour.stopped, code=code, recipients=500, late=True) for code in (131048, 131042)),
        partial(misbehaviour.outage, recipients=2_000, seconds=60),
    ],
    "answers": [
        partial(answers.after_acceptance, answer=answer, receipts=stories, news=200, alerts=100)
        for answer in answers.ANSWERS
        for stories in answers.RECEIPTS
    ],
    "receipts": [
        partial(receipts.disordered, recipients=2_000, kills=4),
        partial(receipts.invented, recipients=2_000, strangers=2_000),
    ],
    "zombie": [
        partial(zombies.frozen, recipients=5_000, freezes=3, alert=False),
        partial(zombies.frozen, recipients=5_000, freezes=1, alert=True, longer=70),
        partial(zombies.cut_off, recipients=5_000, cuts=1, alert=False),
        partial(zombies.cut_off, recipients=5_000, cuts=1, alert=True),
    ],
    "stepback": [
        partial(stepback.taken_back, way="restore", recipients=2_000),
        partial(stepback.taken_back, way="restore", recipients=2_000, left=1.0),
        partial(stepback.taken_back, way="dump", recipients=2_000),
        partial(stepback.taken_back, way="machine", recipients=2_000),
    ],
    "files": [
        *(partial(files.lost_and_found, name=name, files=40, kills=2) for name in files.FAULTS),
        partial(files.too_large, files=20),
    ],
    "disk": [partial(disk.disk_full, recipients=2_000, fills=2)],
}
