# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sweep 5: receipts twice, out of order, days late, of messages that nobody knows, ``read`` before ``sent``."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable, Iterator
from typing import Any

import aiohttp

from faults.counting import Found, count
from faults.ground import Ground
from faults.knocking import post, webhook
from faults.town import Town, town
from faults.workers import finish, moments, prepare, until_left

_DAYS = 5 * 86_400
_ORDER = ("sent", "delivered", "read")
_STATE = {"sent": 30, "delivered": 40, "read": 50}
_STORIES = (
    ("sent",),
    ("sent", "delivered"),
    ("sent", "delivered", "read"),
    ("read",),
    ("delivered",),
    ("read", "sent"),
    ("failed",),
    ("sent", "failed"),
    ("delivered", "failed"),  # one of its devices: what was delivered did not fail
)


def disordered(ground: Ground, *, recipients: int, kills: int) -> Found:
    """The platform's own receipts: repeated, shuffled, in small posts, and held back until all is decided without them."""
    began = time.monotonic()
    with town(ground, rate=200) as place:
        prepare(place, recipients, alert=False)
        place.conditions(
            read_rate=0.5, read_after_ms=5, delivered_after_ms=5,
            webhooks={"duplicate": 0.5, "shuffle": True, "batch": 7, "paused": True},
        )  # fmt: skip
        worker = place.worker()
        for moment in moments(recipients, kills):
            until_left(place, recipients, moment)
            place.kill(worker)
            worker = place.worker()
        place.until(lambda: place.leaving == 0, 300, lambda: f"all is sent ({place.leaving} wait)")
        place.patience_ends()
        place.until(lambda: place.waiting == 0, 60, lambda: f"all is decided ({place.waiting} are not)")
        unknown = place.number("SELECT count(*) FROM delivery_delivery WHERE state = 17")
        _days_pass(place)
        place.conditions(webhooks={"paused": False})
        finish(place, [worker])
        found = count(place, "receipts late, shuffled, twice")
        found.note = f"of {unknown} unknown, receipts settled {unknown - found.unknown}"
        if kills and unknown and unknown == found.unknown:
            found.problems.append("no late receipt settled anything")
    found.seconds = time.monotonic() - began
    return found


def _days_pass(place: Town) -> None:
    place.change(
        "UPDATE delivery_delivery SET created_at = created_at - interval '5 days', accepted_at = accepted_at - interval '5 days'"
    )
    place.change("UPDATE delivery_fanout SET created_at = created_at - interval '5 days'")


def invented(ground: Ground, *, recipients: int, strangers: int) -> Found:
    """Receipts of our making, each story told in any order and more than once, between those of nobody's messages."""
    began = time.monotonic()
    with town(ground) as place:
        prepare(place, recipients, alert=False, webhooks=False)
        worker = place.worker()
        place.until(lambda: place.waiting == 0, 300, lambda: f"all is sent ({place.waiting} wait)")
        # What the platform called them: we keep no id of a mailing's messages, only its hash.
        known = {int(entry["biz_opaque_callback_data"]): str(entry["id"]) for entry in place.ledger()}
        stories: dict[int, tuple[str, ...]] = {delivery_id: random.choice(_STORIES) for delivery_id in known}
        reports = list(_reported(stories, known)) + list(_of_nobody(place, strangers))
        random.shuffle(reports)
        answers = asyncio.run(_bring(place, reports))
        finish(place, [worker])
        found = count(place, "receipts invented", reported=False)
        found.recipients += strangers
        found.problems += _wrong_ends(place, stories)
        refused = sum(status != 200 for status in answers)
        found.problems += [f"{refused} webhooks refused"] if refused else []
    found.seconds = time.monotonic() - began
    return found


def _reported(stories: dict[int, tuple[str, ...]], known: dict[int, str]) -> Iterator[dict[str, Any]]:
    at = int(time.time())
    for delivery_id, story in stories.items():
        for step, word in enumerate(story):
            # Half of them are known by our own id, the others only by the platform's.
            opaque = str(delivery_id) if delivery_id % 2 else ""
            receipt = _receipt(known[delivery_id], word, at + step + random.choice((0, _DAYS)), opaque)
            yield from [receipt] * random.choice((1, 1, 2, 3))


def _of_nobody(place: Town, strangers: int) -> Iterator[dict[str, Any]]:
    for n in range(strangers):
        opaque = random.choice(("", "-1", "0", str(1000 + n), "9" * 19, "9" * 30, "anagrafe", "²"))
        yield _receipt(
            f"wamid.nobody{n}", random.choice((*_ORDER, "failed", "warmed-up")), int(time.time()), opaque
        )


def _receipt(message_id: str, word: str, at: int, opaque: str) -> dict[str, Any]:
    receipt: dict[str, Any] = {
        "id": message_id, "status": word, "timestamp": str(at), "recipient_id": "393470000000",
    }  # fmt: skip
    if opaque:
        receipt["biz_opaque_callback_data"] = opaque
    if word == "failed":
        receipt["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    return receipt


async def _bring(place: Town, reports: list[dict[str, Any]]) -> list[int]:
    """In posts of one to fifty receipts, several under way at once."""
    posts: list[bytes] = []
    while reports:
        size = random.randint(1, 50)
        posts.append(webhook(place, statuses=reports[:size]))
        reports = reports[size:]
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=8)) as http:
        return list(await asyncio.gather(*(post(http, place, body) for body in posts)))


def _wrong_ends(place: Town, stories: dict[int, tuple[str, ...]]) -> list[str]:
    ends = dict(place.rows("SELECT id, state FROM delivery_delivery"))
    wrong = [pk for pk, story in stories.items() if ends[pk] not in _ends(story)]
    return (
        [f"{len(wrong)} in a wrong final state, e.g. {stories[wrong[0]]}: {ends[wrong[0]]}"] if wrong else []
    )


def _ends(story: Iterable[str]) -> set[int]:
    """The states in which a delivery with these receipts may end, in whatever order they came."""
    reached = [_STATE[word] for word in story if word in _STATE]
    if "failed" not in story:
        return {max(reached)}
    # Failed is final, and so is delivered: whichever was heard first stands.
    return {90} if max(reached, default=0) < 40 else {90, max(reached)}
