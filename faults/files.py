# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 8: what citizens send while something is wrong with files, and the worker dies over them. Each file must come."""

from __future__ import annotations

import base64
import time
from typing import Any

from faults.counting import Found
from faults.ground import Ground
from faults.town import Town, town

_WITHIN = 300.0
_PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

# Wrong with every request for a file, until it is mended.
FAULTS: dict[str, list[dict[str, Any]]] = {
    "token wrong": [{"code": 190, "at": "node"}, {"http": 401, "at": "download"}],
    "provider away": [{"http": 503}],
    "connections reset": [{"kind": "reset"}],
    "not there (404)": [{"http": 404, "at": "download"}],
    "not there, or not for us (100)": [{"code": 100, "at": "node"}],
    "damaged on the way": [{"kind": "damaged", "at": "download"}],
    "no answer": [{"kind": "hang", "seconds": 1, "at": "download"}],
    "slow": [{"kind": "slow", "seconds": 3, "at": "download"}],
}


def lost_and_found(ground: Ground, *, name: str, files: int, kills: int = 1, hold: float = 6.0) -> Found:
    """Files come while ``FAULTS[name]`` lasts; the worker is killed in the middle; then the fault is over.

    Nobody presses a button. The pauses are Arengo's own, except that the time until the next try is passed over.
    """
    began = time.monotonic()
    found = Found(f"files: {name}", recipients=files)
    with town(ground) as place:
        place.web()
        place.connect_webhooks()
        people = place.people(files)
        place.conditions(media_errors=[{"rate": 1.0, **fault} for fault in FAULTS[name]])
        worker = place.worker()
        for person in people:
            _send_photo(place, person)
        place.until(
            lambda: _files(place) == files, _WITHIN, lambda: f"{files} files are known ({_files(place)})"
        )
        place.until(lambda: _tried(place) > 0, _WITHIN, "some were tried")
        time.sleep(hold / (kills + 1))
        for _turn in range(kills):
            place.kill(worker)
            worker = place.worker()
            time.sleep(hold / (kills + 1))
        place.conditions(media_errors=[])
        deadline = time.monotonic() + _WITHIN
        while _files(place, "ready") < files and _files(place, "pending") and time.monotonic() < deadline:
            _pass_over_pauses(place)
            time.sleep(1)
        worker.end()
        found.kills = place.kills
        found.lost = files - _files(place, "ready")
        found.problems = [f"{found.lost} files did not come"] if found.lost else []
        stored = place.number("SELECT count(DISTINCT file) FROM desk_attachment WHERE file <> ''")
        found.problems += [f"{stored} files on the disk"] if stored != files else []
    found.seconds = time.monotonic() - began
    return found


def too_large(ground: Ground, *, files: int) -> Found:
    """What WhatsApp does not hand out, or says is too large, ends so at once and is not asked for again."""
    began = time.monotonic()
    found = Found("files: over 100 MB", recipients=files * 2)
    with town(ground) as place:
        place.web()
        place.connect_webhooks()
        people = place.people(files * 2)
        place.conditions(media_errors=[{"kind": "oversize", "at": "node"}])
        worker = place.worker()
        for person in people[:files]:
            _send_photo(place, person)
        for person in people[files:]:
            body = {"type": "unsupported", "unsupported": "video", "code": 131052}
            place.sandbox.control("POST", f"/people/{person['id']}/messages", body)
        place.until(lambda: _files(place, "too_large") == files * 2, _WITHIN, "all are said to be too large")
        worker.end()
        found.lost = files * 2 - _files(place)
    found.seconds = time.monotonic() - began
    return found


def _send_photo(place: Town, person: dict[str, Any]) -> None:
    image = {"data": base64.b64encode(_PHOTO).decode(), "mime_type": "image/png"}
    place.sandbox.control("POST", f"/people/{person['id']}/messages", {"type": "image", "image": image})


def _files(place: Town, state: str = "") -> int:
    return place.number("SELECT count(*) FROM desk_attachment WHERE %s IN ('', state)", state)


def _tried(place: Town) -> int:
    return place.number("SELECT count(*) FROM desk_attachment WHERE tries > 0")


def _pass_over_pauses(place: Town) -> None:
    """As if the time until the next try, and until a dead job is no longer waited for, had passed; and the minute of the job."""
    place.change(
        "UPDATE desk_attachment SET next_at = now(), busy_until = NULL "
        "WHERE state = 'pending' AND (busy_until IS NULL OR tried_at < now() - interval '30 seconds')"
    )
