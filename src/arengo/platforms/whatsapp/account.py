# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number and its account: blocked people, where webhooks go, how Meta sees the number, QR codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import aiohttp
import msgspec

from arengo.core import outside
from arengo.platforms import answers
from arengo.platforms.contract import Address, Credentials, Reach, Refusal, Remedy
from arengo.platforms.whatsapp import bodies, client, refusals
from arengo.platforms.wording import printable, without_secrets

# What is asked of a number, and what is told of the answer; of a field that has parts, the one part that is told.
_NUMBER_FIELDS: dict[str, str] = {
    "id": "",
    "display_phone_number": "",
    "verified_name": "",
    "quality_rating": "",
    "code_verification_status": "",
    "name_status": "",
    "platform_type": "",
    "throughput": "level",
    "whatsapp_business_manager_messaging_limit": "",
    "health_status": "can_send_message",
}
_MOST_FIELD = 100  # characters; Meta: a verified name has 75 at most
_LIMIT_FIELDS = ("whatsapp_business_manager_messaging_limit", "messaging_limit_tier", "limit")
_TIER = re.compile(r"(TIER_)?(?:(?P<number>[0-9]{1,6})(?P<thousands>K)?|(?P<unlimited>UNLIMITED|-1))")
_MOST_PEOPLE = outside.MOST_INTEGER
_PARTIAL = 139100
_BLOCK_CODES = frozenset({139101, 139102, 139103})
PREFILLED = 140  # Meta: characters of a QR code's ready-made message


class _Failure(msgspec.Struct):
    code: int = refusals.NO_CODE
    message: str = ""


class _FailedUser(msgspec.Struct):
    errors: list[_Failure] = []


class _BlockedUsers(msgspec.Struct):
    failed_users: list[_FailedUser] = []


class _BlockAnswer(msgspec.Struct):
    block_users: _BlockedUsers = msgspec.field(default_factory=_BlockedUsers)
    error: dict[str, Any] | None = None


class Code(msgspec.Struct, frozen=True):
    """A QR code of WhatsApp's: a person who scans it opens a chat with ``prefilled_message`` ready to send."""

    code: client.Name
    prefilled_message: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    deep_link_url: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    qr_image_url: Annotated[str, msgspec.Meta(max_length=4000)] = ""


class _App(msgspec.Struct):
    override_callback_uri: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class _Apps(msgspec.Struct):
    data: Annotated[list[_App], msgspec.Meta(max_length=100)]


class _Codes(msgspec.Struct):
    data: Annotated[list[Code], msgspec.Meta(max_length=5000)]  # Meta: 2,000 a number


_block_answer = msgspec.json.Decoder(_BlockAnswer)
_described = msgspec.json.Decoder(dict[str, Any])
_code = msgspec.json.Decoder(Code)
_codes = msgspec.json.Decoder(_Codes)
_apps = msgspec.json.Decoder(_Apps)


async def block(http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
    """Meta: only somebody who wrote in the last 24 hours."""
    await _change_blocked(http, credentials, "POST", to)


async def unblock(http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
    await _change_blocked(http, credentials, "DELETE", to)


async def _change_blocked(
    http: aiohttp.ClientSession, credentials: Credentials, method: str, to: Address
) -> None:
    address = client.url(credentials, credentials.number_id, "block_users")
    content = msgspec.json.encode(bodies.block(to))
    body = await client.call(http, credentials, method, address, content=content, also=400)
    answer: _BlockAnswer = client.decoded(_block_answer, body)
    # A partial failure is HTTP 400 with 139100 and the reason beside each person; we ask for one person at a
    # time.
    for user in answer.block_users.failed_users:
        raise _not_blocked(credentials, user.errors[0] if user.errors else _Failure())
    if answer.error is not None:
        raise client.refused(credentials, 400, body)


def _not_blocked(credentials: Credentials, failure: _Failure) -> Refusal:
    """In the words of blocking: "the window is closed" would make staff look for a template."""
    found = refusals.meaning(failure.code, 400)
    return Refusal(
        Remedy.RETRY if found.remedy is Remedy.RETRY else Remedy.NEVER,
        code=failure.code if failure.code in _BLOCK_CODES else _PARTIAL,
        title=client.clean(failure.message, credentials),
    )


async def subscribe(http: aiohttp.ClientSession, credentials: Credentials, callback_url: str) -> None:
    """Webhooks of the whole account go to ``callback_url``; Meta asks it for the handshake before it

    answers.
    """
    address = client.url(credentials, credentials.account_id, "subscribed_apps")
    content = msgspec.json.encode(
        {"override_callback_uri": callback_url, "verify_token": credentials.verify_token}
    )
    await client.call(http, credentials, "POST", address, content=content)


async def listeners(http: aiohttp.ClientSession, credentials: Credentials) -> list[str]:
    """Of the whole account. An app without an address of its own for this account is told as an empty one."""
    address = client.url(credentials, credentials.account_id, "subscribed_apps")
    listed: _Apps = client.decoded(_apps, await client.call(http, credentials, "GET", address))
    return [app.override_callback_uri for app in listed.data]


async def take_thread(http: aiohttp.ClientSession, credentials: Credentials, to: Address) -> None:
    """Meta: only the escalation partner may, else 2494191."""
    address = client.url(credentials, credentials.number_id, "thread_control")
    content = msgspec.json.encode(bodies.take(to))
    await client.call(http, credentials, "POST", address, content=content)


async def describe(http: aiohttp.ClientSession, credentials: Credentials) -> dict[str, str]:
    """The fields that Arengo knows, each a short text. The answer comes from whatever address was typed: never whole."""
    address = client.url(credentials, credentials.number_id)
    body = await client.call(
        http,
        credentials,
        "GET",
        address,
        query={"fields": ",".join(_NUMBER_FIELDS)},
        about_number=True,
    )
    described: dict[str, Any] = client.decoded(_described, body)
    found: dict[str, str] = {}
    for name, part in _NUMBER_FIELDS.items():
        value = described.get(name)
        if part:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, (str, int)) and value:
            text = without_secrets(printable(str(value), 4 * _MOST_FIELD), credentials)
            found[name] = text[:_MOST_FIELD]
    return found


def reach(said: Mapping[str, Any]) -> Reach | None:
    """From the number's own field, or from a notice about limits: ``TIER_250`` … ``TIER_100K``, ``TIER_UNLIMITED``."""
    for name in _LIMIT_FIELDS:
        found = _TIER.fullmatch(str(said.get(name, "")).upper())
        if found is None:
            continue
        if found["unlimited"]:
            return Reach(None)
        number = outside.whole(found["number"], most=_MOST_PEOPLE)
        people = (number or 0) * (1000 if found["thousands"] else 1)
        if 0 < people <= _MOST_PEOPLE:
            return Reach(people)
    return None


async def create_code(http: aiohttp.ClientSession, credentials: Credentials, prefilled_message: str) -> Code:
    if not 1 <= len(prefilled_message) <= PREFILLED:
        raise Refusal(Remedy.NEVER, code=131009, title=f"1 to {PREFILLED} characters")
    address = client.url(credentials, credentials.number_id, "message_qrdls")
    content = msgspec.json.encode({"prefilled_message": prefilled_message, "generate_qr_image": "SVG"})
    created: Code = client.decoded(
        _code, await client.call(http, credentials, "POST", address, content=content)
    )
    return created


async def codes(http: aiohttp.ClientSession, credentials: Credentials) -> list[Code]:
    address = client.url(credentials, credentials.number_id, "message_qrdls")
    body = await client.call(http, credentials, "GET", address, most=answers.LISTING)
    listed: _Codes = client.decoded(_codes, body)
    return listed.data
