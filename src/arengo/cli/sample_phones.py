# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The phones of the sandbox, on which the sample citizens write."""

from __future__ import annotations

import http.client
import json
from typing import Any

from .words import Refused, _

_MOST = 10_000_000  # bytes of an answer


class Phones:
    """By the control API of the sandbox at this port. Refused where it does not answer, or refuses."""

    def __init__(self, port: int) -> None:
        self._port = port
        people = self._ask("GET", "/sandbox/people")["people"]
        self._ids: dict[str, str] = {person["name"]: person["id"] for person in people}

    def give(self, name: str) -> None:
        """One more phone, whose owner reads when somebody opens it."""
        if name not in self._ids:
            made = self._ask("POST", "/sandbox/people", {"name": name, "automatic": False})
            self._ids[name] = made["people"][0]["id"]

    def write(self, name: str, message: dict[str, Any], *, ago: float = 0.0) -> str:
        """``message``: as docs/sandbox.md says; ``ago``: seconds since. Returns the message's id."""
        said = self._ask("POST", f"/sandbox/people/{self._ids[name]}/messages", {**message, "ago": ago})
        return str(said["id"])

    def received(self, name: str) -> list[str]:
        """The ids of what came from us, the oldest first."""
        found = self._ask("GET", f"/sandbox/people/{self._ids[name]}/messages")["messages"]
        return [message["id"] for message in found if message["direction"] == "out"]

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request(
                method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"}
            )
            answer: dict[str, Any] = json.loads(connection.getresponse().read(_MOST))
        except (OSError, ValueError) as error:
            raise Refused(_("i telefoni di prova non rispondono: %(reason)s") % {"reason": error}) from error
        finally:
            connection.close()
        if "error" in answer:
            raise Refused(_("i telefoni di prova non rispondono: %(reason)s") % {"reason": answer["error"]})
        return answer
