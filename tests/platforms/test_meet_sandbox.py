# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform against the sandbox: what one sends, the other understands, and both refuse the same."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp
import msgspec
import pytest

from arengo.platforms.contract import (
    Buttons,
    Choice,
    Credentials,
    IdentityChanged,
    Listing,
    Media,
    Outgoing,
    PreferenceChanged,
    Reaction,
    ReceiptStatus,
    Remedy,
    Section,
    Template,
    Text,
    Unreadable,
)
from tests.platforms.meeting import PNG, WHATSAPP, Inbox, last, person, receipt_of, refused, wrote
from tests.platforms.outgoing import FITS, REFUSED
from tests.support.sandbox_server import SandboxProcess


def with_media(outgoing: Outgoing, media_id: str) -> Outgoing:
    """``outgoing`` with a file that exists, where it names one."""
    if isinstance(outgoing, Media) and outgoing.media_id:
        return msgspec.structs.replace(outgoing, media_id=media_id)
    return outgoing


WRITTEN = [outgoing for outgoing in FITS if not isinstance(outgoing, (Template, Reaction))]


@pytest.mark.parametrize("outgoing", WRITTEN, ids=range(len(WRITTEN)))
async def test_what_has_no_problem_is_taken(
    sandbox: SandboxProcess,
    http: aiohttp.ClientSession,
    account: Credentials,
    media_id: str,
    outgoing: Outgoing,
) -> None:
    who, address = person(sandbox)
    taken = await WHATSAPP.send(http, account, address, with_media(outgoing, media_id), "d-1")
    assert last(sandbox, who)["id"] == taken.message_id


# What Arengo refuses and the sandbox takes: Meta says "no leading or trailing spaces" of an id, counts emoji in a way
# that it does not say, and answers a reaction to nothing with a status that failed.
STRICTER: list[Outgoing] = [
    Text("🙂" * 2049),
    Buttons("a", [Choice("c ", "t")]),
    Reaction("", "👍"),
]
NOT_SENT = [each for each, _ in REFUSED if not isinstance(each, Template) and each not in STRICTER]


@pytest.mark.parametrize("outgoing", NOT_SENT, ids=range(len(NOT_SENT)))
async def test_what_has_a_problem_is_refused(
    sandbox: SandboxProcess,
    http: aiohttp.ClientSession,
    account: Credentials,
    media_id: str,
    outgoing: Outgoing,
) -> None:
    _, address = person(sandbox)
    found = await refused(WHATSAPP.send(http, account, address, with_media(outgoing, media_id), "d-1"))
    assert (found.remedy, found.certain) == (Remedy.NEVER, True)


KINDS: list[Outgoing] = [
    Text("Apre alle 9: https://comune.esempio.test", preview_url=True),
    Media("image", "7", "La piazza"),
    Buttons("Vuole iscriversi?", [Choice("si", "Sì"), Choice("no", "No")], "Comune", "Grazie"),
    Listing("Quale ufficio?", "Scegli", [Section("Uffici", [Choice("a", "Anagrafe", "Primo piano")])]),
]


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("outgoing", KINDS, ids=lambda outgoing: type(outgoing).__name__)
async def test_each_kind_arrives_with_or_without_a_phone_number(
    sandbox: SandboxProcess,
    http: aiohttp.ClientSession,
    account: Credentials,
    media_id: str,
    outgoing: Outgoing,
    hidden: bool,
) -> None:
    who, address = person(sandbox, hidden=hidden)
    taken = await WHATSAPP.send(http, account, address, with_media(outgoing, media_id), "d-1")
    assert last(sandbox, who)["id"] == taken.message_id
    if hidden:
        assert taken.user_id == address.user_id


async def test_answering_reacting_reading_and_typing(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials
) -> None:
    who, address = person(sandbox)
    theirs = last(sandbox, who)["id"]
    await WHATSAPP.mark_read(http, account, theirs)
    await WHATSAPP.mark_read(http, account, theirs, typing=True)
    await WHATSAPP.send(http, account, address, Text("Alle 9", reply_to=theirs), "d-1")
    await WHATSAPP.send(http, account, address, Reaction(theirs, "👍"), "d-2")
    await WHATSAPP.send(http, account, address, Reaction(theirs, ""), "d-3")


async def test_when_the_window_is_closed_the_message_is_taken_and_then_fails(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox
) -> None:
    _, address = person(sandbox, silent=True)
    taken = await WHATSAPP.send(http, account, address, Text("Buongiorno"), "d-closed")
    receipt = await inbox.until(receipt_of(taken.message_id, ReceiptStatus.FAILED))
    assert (receipt.opaque, receipt.code, receipt.remedy) == ("d-closed", 131047, Remedy.WINDOW_CLOSED)


@pytest.mark.parametrize(
    ("fault", "remedy", "certain"),
    [
        ({"code": 131056, "as": "response"}, Remedy.PAIR, True),
        ({"code": 130429, "as": "response"}, Remedy.RETRY, True),
        ({"code": 131031, "as": "response"}, Remedy.STOP_SENDER, True),
        ({"http": 502}, Remedy.RETRY, False),
        ({"kind": "reset", "when": "before"}, Remedy.RETRY, False),
        ({"kind": "reset", "when": "after"}, Remedy.RETRY, False),
    ],
)
async def test_a_fault_is_told_with_what_is_certain(
    sandbox: SandboxProcess,
    http: aiohttp.ClientSession,
    account: Credentials,
    fault: dict[str, Any],
    remedy: Remedy,
    certain: bool,
) -> None:
    _, address = person(sandbox)
    sandbox.control("POST", "/conditions", {"errors": [{"rate": 1.0, **fault}]})
    try:
        found = await refused(WHATSAPP.send(http, account, address, Text("ciao"), "d-1"))
    finally:
        sandbox.control("POST", "/conditions", {"errors": []})
    assert (found.remedy, found.certain) == (remedy, certain)


async def test_a_wrong_token_and_a_wrong_number_stop_the_sender(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials
) -> None:
    _, address = person(sandbox)
    for wrong in ({"token": "altro"}, {"number_id": "199999999999999"}):
        stranger = msgspec.structs.replace(account, **wrong)
        found = await refused(WHATSAPP.send(http, stranger, address, Text("ciao"), "d-1"))
        assert (found.remedy, found.certain) == (Remedy.STOP_SENDER, True)
        assert "altro" not in found.title + found.details


# --- what comes back --------------------------------------------------------------------------------------


async def test_a_person_writes_and_receipts_come_back_signed(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox
) -> None:
    for hidden in (False, True):
        who, address = person(sandbox, hidden=hidden)
        arrived = await inbox.until(wrote(address))
        assert (arrived.kind, arrived.text, arrived.number_id) == ("text", "Buongiorno", account.number_id)
        assert (arrived.address.phone is None) == hidden
        taken = await WHATSAPP.send(http, account, address, Text("Alle 9"), f"d-{who}")
        for word in (ReceiptStatus.SENT, ReceiptStatus.DELIVERED):
            receipt = await inbox.until(receipt_of(taken.message_id, word))
            assert receipt.opaque == f"d-{who}"
    assert not [event for event in inbox.events if isinstance(event, Unreadable)]


async def test_a_file_goes_both_ways(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox, media_id: str
) -> None:
    assert await WHATSAPP.download(http, account, media_id, limit=len(PNG)) == (PNG, "image/png")
    found = await refused(WHATSAPP.download(http, account, media_id, limit=len(PNG) - 1))
    assert found.remedy is Remedy.NEVER
    found = await refused(WHATSAPP.download(http, account, "999999999999999", limit=1))
    assert found.remedy is Remedy.NEVER

    who, address = person(sandbox)
    image = {"data": base64.b64encode(PNG).decode(), "mime_type": "image/png", "caption": "La buca"}
    sandbox.control("POST", f"/people/{who}/messages", {"type": "image", "image": image})
    arrived = await inbox.until(wrote(address, "image"))
    assert arrived.text == "La buca"
    theirs = await WHATSAPP.download(http, account, arrived.media.media_id, limit=len(PNG))
    assert theirs == (PNG, "image/png")


async def test_a_person_with_a_new_number_and_id_is_told_to_be_the_same(
    sandbox: SandboxProcess, account: Credentials, inbox: Inbox
) -> None:
    who, address = person(sandbox)
    system = {"type": "user_changed_number", "phone": "393339999999"}
    sandbox.control("POST", f"/people/{who}/messages", {"type": "system", "system": system})
    changed = await inbox.until(
        lambda event: isinstance(event, IdentityChanged) and event.previous.phone == address.phone
    )
    assert changed.current.phone == "+393339999999"
    assert changed.previous.user_id not in {None, changed.current.user_id}


async def test_who_shows_no_number_is_told_to_be_the_same_by_the_ids_alone(
    sandbox: SandboxProcess, account: Credentials, inbox: Inbox
) -> None:
    who, address = person(sandbox, hidden=True)
    sandbox.control(
        "POST", f"/people/{who}/messages", {"type": "system", "system": {"type": "user_changed_user_id"}}
    )
    changed = await inbox.until(
        lambda event: isinstance(event, IdentityChanged) and event.previous.user_id == address.user_id
    )
    assert changed.previous.phone is None
    assert changed.current.phone is None
    assert changed.current.user_id not in {None, address.user_id}


async def test_a_person_who_tells_whatsapp_to_stop_is_heard(
    sandbox: SandboxProcess, account: Credentials, inbox: Inbox
) -> None:
    who, address = person(sandbox)
    sandbox.control("POST", f"/people/{who}/preferences", {"marketing": "stop"})
    changed = await inbox.until(lambda event: isinstance(event, PreferenceChanged))
    assert (changed.address.phone, changed.wants_marketing) == (address.phone, False)
