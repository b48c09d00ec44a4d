# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The least that can serve a page: the same bytes, headers included, whoever asks for whatever. No address is looked at.

Served by the same Uvicorn with the same settings. ``BARE_ANSWER`` is a file: headers as JSON in the first line, then the body.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]

_HEAD, _, _BODY = Path(os.environ["BARE_ANSWER"]).read_bytes().partition(b"\n")
_HEADERS = [(name.encode("latin1"), value.encode("latin1")) for name, value in json.loads(_HEAD)]


async def application(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    if scope["type"] != "http":
        raise NotImplementedError  # no lifespan: the server goes on without
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _BODY})
