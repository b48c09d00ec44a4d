# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gabbiano, as the engine sees it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import aiohttp
import msgspec
from django import forms

from arengo.core.form_fields import CountField
from arengo.core.lengths import Limit
from arengo.platforms import refusing
from arengo.platforms.contract import (
    Accepted,
    Address,
    Capabilities,
    Credentials,
    Incoming,
    Limits,
    MessageReceived,
    Nature,
    Outgoing,
    Refusal,
    Remedy,
    Signature,
    Text,
    Unreadable,
    Words,
)
from arengo.platforms.forms import ProviderForm, secret_field

HEADER = "X-Gabbiano-Token"
TEXT = Limit(200)


class _Item(msgspec.Struct):
    id: str
    user: str
    at: int  # seconds since 1970
    name: str = ""
    text: str = ""
    edits: str = ""  # the message that this one takes the place of
    deletes: str = ""


class _Webhook(msgspec.Struct):
    items: list[_Item]


class GabbianoForm(ProviderForm):
    secrets = ("token", "app_secret")
    fixed: ClassVar = {
        **dict.fromkeys(("version", "number_id", "verify_token", "auth_prefix"), ""),
        "auth_header": HEADER,
        "signature": "token",
        "signature_header": HEADER,
    }
    intro = "Questi dati li dà Gabbiano."

    rate = CountField(label="Messaggi al secondo", least=1, most=100, initial=10)
    base_url = forms.URLField(label="Indirizzo", assume_scheme="https")
    account_id = forms.CharField(label="Profilo")
    token = secret_field("Token", "")
    app_secret = secret_field("Segreto", "")


class Gabbiano:
    name = "mock"
    words = Words(name="Gabbiano", icon="comment", write="Scrivi su Gabbiano", join="Iscriviti su Gabbiano")
    limits = Limits(text=TEXT)
    can = Capabilities(edits=True, deletes=True)

    def signature(self, credentials: Credentials) -> Signature:
        secret = credentials.app_secret.encode()
        return Signature(
            HEADER.lower().encode(), lambda given, _body: bool(secret) and hmac.compare_digest(given, secret)
        )

    def parse(self, body: bytes) -> list[Incoming]:
        try:
            items = msgspec.json.decode(body, type=_Webhook).items
        except msgspec.MsgspecError:
            return [Unreadable("not a webhook of Gabbiano", "body")]
        return [_event(item) for item in items]

    def problems(self, outgoing: Outgoing) -> list[str]:
        if not isinstance(outgoing, Text):
            return ["Gabbiano porta solo testi."]
        problem = TEXT.problem(outgoing.body)
        return [problem] if problem else []

    def explain(self, code: int) -> str:
        return refusing.explain(code) if code < 0 else f"Gabbiano risponde {code}."

    def form(self) -> type[ProviderForm]:
        return GabbianoForm

    def facts(self, described: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [("Nome", str(described["name"]))] if "name" in described else []

    async def send(
        self,
        http: aiohttp.ClientSession,
        credentials: Credentials,
        to: Address,
        outgoing: Outgoing,
        opaque: str,
    ) -> Accepted:
        assert isinstance(outgoing, Text)
        try:
            said = await _post(http, credentials, {"to": to.user_id, "text": outgoing.body})
        except aiohttp.ClientConnectorError:
            raise Refusal(Remedy.RETRY, title="nobody answers") from None
        except (aiohttp.ClientError, TimeoutError):
            raise Refusal(Remedy.RETRY, title="half an answer", certain=False) from None
        return Accepted(message_id=said["id"])

    async def describe(self, http: aiohttp.ClientSession, credentials: Credentials) -> dict[str, Any]:
        return await _post(http, credentials, {})


def _event(item: _Item) -> Incoming:
    nature = Nature.EDIT if item.edits else Nature.DELETION if item.deletes else Nature.WORDS
    return MessageReceived(
        message_id=item.id,
        sent_at=datetime.fromtimestamp(item.at, UTC),
        address=Address(user_id=item.user),
        kind="text",
        name=item.name,
        text=item.text,
        nature=nature,
        about=item.edits or item.deletes,
    )


async def _post(
    http: aiohttp.ClientSession, credentials: Credentials, body: dict[str, Any]
) -> dict[str, Any]:
    async with http.post(credentials.base_url, json=body, headers={HEADER: credentials.token}) as response:
        if response.status == 200:
            return dict(await response.json())
        remedy = Remedy.STOP_SENDER if response.status == 401 else Remedy.NEVER
        raise Refusal(remedy, code=response.status, title="no")
