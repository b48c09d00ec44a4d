# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of the sandbox do all the time, in one line each."""

from __future__ import annotations

import itertools
import json
import urllib.error
import urllib.request
import uuid
from typing import Any

from tests.support.sandbox_server import Answer, SandboxProcess
from tests.support.waiting import NEVER

_phones = itertools.count(1)


class Town:
    """A sandbox with the verbs of both sides."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox

    @property
    def number(self) -> str:
        return self.sandbox.phone_number_id

    def citizen(self, name: str = "Persona di prova", **more: Any) -> dict[str, Any]:
        phone = f"3934700{next(_phones):05d}"
        made = self.sandbox.control("POST", "/people", {"name": name, "phone": phone, **more})
        person: dict[str, Any] = made["people"][0]
        return person

    def writes(self, person: dict[str, Any], words: str = "", /, **message: Any) -> str:
        body = message or {"type": "text", "text": words}
        wamid: str = self.sandbox.control("POST", f"/people/{person['id']}/messages", body)["id"]
        return wamid

    def chat(self, person: dict[str, Any]) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.sandbox.control("GET", f"/people/{person['id']}/messages")[
            "messages"
        ]
        return messages

    def sends(self, body: dict[str, Any], number: str | None = None) -> Answer:
        whole = {"messaging_product": "whatsapp", **body}
        return self.sandbox.graph("POST", f"/{number or self.number}/messages", whole)

    def sent(self, body: dict[str, Any]) -> str:
        """A send that must be accepted; its id."""
        answer = self.sends(body)
        assert answer.status == 200, answer.body
        wamid: str = answer.body["messages"][0]["id"]
        return wamid

    def text(self, person: dict[str, Any], text: str = "Buongiorno", **more: Any) -> str:
        return self.sent({"to": person["phone"], "type": "text", "text": {"body": text}, **more})

    def conditions(self, **wanted: Any) -> dict[str, Any]:
        shown: dict[str, Any] = self.sandbox.control("POST", "/conditions", wanted)
        return shown

    def template(self, name: str, body: str = "Oggi chiude la strada.", **more: Any) -> Answer:
        components = more.pop("components", [{"type": "BODY", "text": body}])
        wanted = {"name": name, "language": "it", "category": "UTILITY", "components": components, **more}
        return self.sandbox.graph("POST", f"/{self.sandbox.waba_id}/message_templates", wanted)

    def approved(self, name: str, **more: Any) -> str:
        """A template that passed its review; its id."""
        created = self.template(name, **more)
        assert created.status == 200, created.body
        template_id: str = created.body["id"]
        self.sandbox.control("POST", f"/templates/{template_id}/status", {"status": "APPROVED"})
        return template_id

    def upload(
        self, content: bytes, mime_type: str, filename: str = "file", product: str = "whatsapp"
    ) -> Answer:
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\n{product}\r\n'.encode(),
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
            f"Content-Type: {mime_type}\r\n\r\n".encode(),
            content,
            f"\r\n--{boundary}--\r\n".encode(),
        ]
        wanted = urllib.request.Request(  # noqa: S310 - always http, to this process
            f"{self.sandbox.url}/v24.0/{self.number}/media",
            data=b"".join(parts),
            headers={
                "Content-Type": f"multipart/form-data; boundary={boundary}",
                "Authorization": f"Bearer {self.sandbox.token}",
            },
        )
        try:
            with urllib.request.urlopen(wanted, timeout=NEVER) as got:  # noqa: S310 - as above
                return Answer(got.status, json.load(got))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, json.load(refusal))


def named(name: str, *parameters: str) -> dict[str, Any]:
    """A template message with positional body parameters."""
    template: dict[str, Any] = {"name": name, "language": {"code": "it"}}
    if parameters:
        values = [{"type": "text", "text": text} for text in parameters]
        template["components"] = [{"type": "body", "parameters": values}]
    return {"type": "template", "template": template}
