# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks of our own making, whose answers are noted: what was acknowledged must be applied, once."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Any

import aiohttp

from faults.processes import wait_until
from faults.town import Town

_ANSWER_WITHIN = aiohttp.ClientTimeout(total=15)
NOBODY = 0  # instead of a status: the connection was refused, or broke


def webhook(town: Town, **value: Any) -> bytes:
    """A body in the shape of Meta's, about the town's first number."""
    number = town.sandbox.account["phone_numbers"][0]
    about = {"display_phone_number": number["display_phone_number"], "phone_number_id": str(number["id"])}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": about, **value}}
    entry = {"id": town.sandbox.waba_id, "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def message(message_id: str, phone: str) -> dict[str, Any]:
    """A citizen writes: ``contacts`` and ``messages`` of a webhook."""
    return {
        "contacts": [{"profile": {"name": "Persona di prova"}, "wa_id": phone}],
        "messages": [
            {
                "from": phone,
                "id": message_id,
                "timestamp": str(int(time.time())),
                "type": "text",
                "text": {"body": "Buongiorno"},
            }
        ],
    }


class WebhookSource:
    """So many connections that bring webhooks, one message each, from ``with`` to its end. It never tries one again."""

    def __init__(self, town: Town, *, connections: int, pause: float = 0.0) -> None:
        self.acknowledged: set[str] = set()
        self.refused: set[str] = set()
        self.answers: Counter[int] = Counter()
        self._town, self._connections, self._pause = town, connections, pause
        self._stop = threading.Event()
        self._serial = itertools.count(1)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._knock()), name="source")

    def __enter__(self) -> WebhookSource:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    async def _knock(self) -> None:
        async with aiohttp.ClientSession(timeout=_ANSWER_WITHIN) as http:
            await asyncio.gather(*(self._bring(http) for _ in range(self._connections)))

    async def _bring(self, http: aiohttp.ClientSession) -> None:
        while not self._stop.is_set():
            serial = next(self._serial)
            message_id = f"wamid.knock{serial:08d}"
            # A few hundred people who write again and again: to one conversation each.
            body = webhook(self._town, **message(message_id, f"39347{serial % 300:07d}"))
            status = await post(http, self._town, body)
            self.answers[status] += 1
            (self.acknowledged if status == 200 else self.refused).add(message_id)
            await asyncio.sleep(self._pause if status == 200 else 0.1)

    def wait_for_refusal(self, more_than: int) -> None:
        """Until more webhooks than that got 503."""
        wait_until(lambda: self.answers[503] > more_than, 120, "a webhook gets 503")

    def wait_for_acknowledgement(self) -> None:
        """Until one more webhook was acknowledged."""
        heard = len(self.acknowledged)
        wait_until(lambda: len(self.acknowledged) > heard, 120, "a webhook is acknowledged")

    def problems(self, allowed: set[int]) -> list[str]:
        """What is wrong with the answers, and with what became of the messages."""
        ours = self._town.hashes(self.acknowledged | self.refused)
        applied = Counter(
            ours[bytes(key)]
            for (key,) in self._town.rows("SELECT platform_message_hash FROM desk_message")
            if key is not None and bytes(key) in ours
        )
        strange = {status: times for status, times in self.answers.items() if status not in allowed}
        checks = {
            "webhooks acknowledged and lost": len(self.acknowledged - set(applied)),
            "messages applied twice": sum(times > 1 for times in applied.values()),
            "webhooks marked as unreadable": self._town.number(
                "SELECT count(*) FROM intake_journal WHERE state = 2"
            ),
            f"answers that should not be: {strange}": sum(strange.values()),
        }
        return [f"{number} {what}" for what, number in checks.items() if number]


async def post(http: aiohttp.ClientSession, town: Town, body: bytes) -> int:
    """The status of one signed webhook; NOBODY when nobody answered."""
    signature = hmac.new(town.sandbox.app_secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
    address = f"http://127.0.0.1:{town.web_port}/hooks/{town.hook_key}"
    try:
        async with http.post(address, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return NOBODY
