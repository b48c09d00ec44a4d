# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short links with a prefilled message (`message_qrdls`), and their QR images."""

from __future__ import annotations

import io
import secrets
import string
from typing import Any

import msgspec
import segno

from arengo_sandbox.errors import GraphError
from arengo_sandbox.storage import Storage

PREFILLED_LIMIT = 140
CODES_LIMIT = 2000


class QrCode(msgspec.Struct):
    code: str
    number: str
    prefilled_message: str

    @property
    def deep_link(self) -> str:
        return f"https://wa.me/message/{self.code}"

    def shown(self, image_url: str | None = None) -> dict[str, Any]:
        shown = {
            "code": self.code,
            "prefilled_message": self.prefilled_message,
            "deep_link_url": self.deep_link,
        }
        return shown | ({"qr_image_url": image_url} if image_url else {})


class QrCodes:
    """At most 2,000 a number (Meta); they never expire."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, QrCode] = {}

    def load(self) -> None:
        for code in self._storage.load("qr", QrCode):
            self._known[code.code] = code

    def of(self, number: str) -> list[QrCode]:
        return [code for code in self._known.values() if code.number == number]

    def get(self, code: str, number: str | None = None) -> QrCode | None:
        found = self._known.get(code)
        return found if found is not None and number in (None, found.number) else None

    def create(self, number: str, prefilled: str) -> QrCode:
        if len(self.of(number)) >= CODES_LIMIT:
            raise GraphError(100, f"A phone number has at most {CODES_LIMIT} QR codes.")
        alphabet = string.ascii_uppercase + "234567"
        code = QrCode("".join(secrets.choice(alphabet) for _ in range(13)) + "1", number, checked(prefilled))
        self._known[code.code] = code
        self._storage.put("qr", code.code, code)
        return code

    def update(self, code: QrCode, prefilled: str) -> None:
        code.prefilled_message = checked(prefilled)
        self._storage.put("qr", code.code, code)

    def delete(self, code: QrCode) -> None:
        self._known.pop(code.code, None)
        self._storage.drop("qr", code.code)


def checked(prefilled: Any) -> str:
    if not isinstance(prefilled, str) or not prefilled:
        raise GraphError(100, "The parameter prefilled_message is required.")
    if len(prefilled) > PREFILLED_LIMIT:
        raise GraphError(100, f"Param prefilled_message must be at most {PREFILLED_LIMIT} characters long.")
    return prefilled


def image(code: QrCode, kind: str) -> bytes:
    """The QR image as SVG or PNG."""
    out = io.BytesIO()
    segno.make(code.deep_link, error="m").save(out, kind=kind, scale=8)
    return out.getvalue()
