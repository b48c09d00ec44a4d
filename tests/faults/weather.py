# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform in this process, with a ledger, whose weather a test makes."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from arengo.platforms.contract import Accepted, Refusal, Remedy

WEATHERS: dict[str, Refusal | None] = {
    "fine": None,
    "lost before": Refusal(Remedy.RETRY, title="ServerDisconnectedError", certain=False),
    "lost after": Refusal(Remedy.RETRY, title="ServerDisconnectedError", certain=False),
    "busy": Refusal(Remedy.RETRY, code=130429, title="Rate limit hit"),
    "broken before": Refusal(Remedy.RETRY, code=131000, title="Something went wrong", certain=False),
    "broken after": Refusal(Remedy.RETRY, code=131000, title="Something went wrong", certain=False),
    "too fast": Refusal(Remedy.RETRY, code=130429, title="Rate limit hit", slow_down=True),
    "away": Refusal(Remedy.RETRY, title="ClientConnectorError"),
    "never": Refusal(Remedy.NEVER, code=131009, title="Parameter value is not valid"),
    "stop": Refusal(Remedy.STOP_SENDER, code=190, title="Access token has expired"),
}


class Platform:
    """Takes messages into its ledger, or does not, as the weather of the moment is."""

    def __init__(self) -> None:
        self.ledger: list[tuple[str, int]] = []  # message id, delivery id
        self.weather = "fine"
        self.share = 1  # of so many messages each meets the weather, the others a fine day
        self._serial = itertools.count(1)

    async def send(self, http: Any, given: Any, to: Any, outgoing: Any, opaque: str) -> Accepted:
        serial = next(self._serial)
        weather = self.weather if serial % self.share == 0 else "fine"
        await asyncio.sleep(0)
        if weather in ("fine", "lost after", "broken after"):
            self.ledger.append((f"wamid.{serial}", int(opaque)))
        await asyncio.sleep(0)
        refusal = WEATHERS[weather]
        if refusal is not None:
            raise refusal
        return Accepted(f"wamid.{serial}")
