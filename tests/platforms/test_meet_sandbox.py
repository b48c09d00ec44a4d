# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform against the sandbox: what one sends, the other understands, and both refuse the same."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeVar

import aiohttp
import msgspec
import pytest
from aiohttp import web

from arengo.platforms.contract import (
    Address,
    Buttons,
    Choice,
    Credentials,
    IdentityChanged,
    Incoming,
    Listing,
    Media,
    MessageReceived,
    Outgoing,
    Parameter,
    PreferenceChanged,
    Reaction,
    ReceiptReceived,
    ReceiptStatus,
    Refusal,
    Remedy,
    Section,
    Template,
    TemplateButton,
    TemplateChanged,
    Text,
    Unreadable,
)
from arengo.platforms.whatsapp.platform import WhatsApp
from tests.platforms.examples import credentials
from tests.platforms.test_write import FITS, REFUSED
from tests.sandbox_server import SandboxProcess, sandbox_process

WHATSAPP = WhatsApp()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cf500f00038101804cd9ae2d0000000049454e44ae426082"
)
T = TypeVar("T")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with sandbox_process() as running:
        running.control("POST", "/conditions", {"pair_limit": False, "mps": 1000})
        yield running


@pytest.fixture
def account(sandbox: SandboxProcess) -> Credentials:
    return credentials(sandbox.url)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def person(sandbox: SandboxProcess, *, hidden: bool = False, silent: bool = False) -> tuple[str, Address]:
    """Somebody new who has just written to us, unless ``silent``: their id in the sandbox and their address."""
    shown = sandbox.control("POST", "/people", {"count": 1, "hide_number": hidden})["people"][0]
    if not silent:
        sandbox.control("POST", f"/people/{shown['id']}/messages", {"type": "text", "text": "Buongiorno"})
    address = Address(user_id=shown["user_id"]) if hidden else Address(phone="+" + shown["phone"].lstrip("+"))
    return shown["id"], address


def last(sandbox: SandboxProcess, who: str) -> dict[str, Any]:
    shown: dict[str, Any] = sandbox.control("GET", f"/people/{who}/messages")["messages"][-1]
    return shown


class Inbox:
    """Our side of the webhooks: checks the signature, parses, keeps the events."""

    def __init__(self, account: Credentials) -> None:
        self.account = account
        self.events: list[Incoming] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == "GET":
            return web.Response(text=WHATSAPP.handshake(self.account, request.query) or "")
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not WHATSAPP.signature_ok(self.account, headers, body):
            return web.Response(status=401)
        self.events += WHATSAPP.parse(body)
        return web.Response()

    async def until(self, found: Callable[[Incoming], bool]) -> Any:
        for _ in range(200):
            for event in self.events:
                if found(event):
                    return event
            await asyncio.sleep(0.025)
        raise AssertionError(f"not among {[type(event).__name__ for event in self.events]}")


def wrote(address: Address, kind: str = "text") -> Callable[[Incoming], bool]:
    return lambda event: (
        isinstance(event, MessageReceived) and event.address.key == address.key and event.kind == kind
    )


def receipt_of(message_id: str, status: ReceiptStatus) -> Callable[[Incoming], bool]:
    return lambda event: (
        isinstance(event, ReceiptReceived) and event.message_id == message_id and event.status is status
    )


@pytest.fixture
async def inbox(http: aiohttp.ClientSession, account: Credentials) -> AsyncIterator[Inbox]:
    inbox = Inbox(account)
    application = web.Application()
    application.router.add_route("*", "/hooks/1", inbox.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await WHATSAPP.subscribe(http, account, f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/1")
    yield inbox
    await runner.cleanup()


async def refused(talk: Awaitable[T]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await talk
    return caught.value


# --- sending ----------------------------------------------------------------------------------------------


@pytest.fixture
async def media_id(http: aiohttp.ClientSession, account: Credentials) -> str:
    return await WHATSAPP.upload(http, account, PNG, "image/png", "piazza.png")


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
        ({"code": 131056, "as": "response"}, Remedy.RETRY_LATER, True),
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


async def test_a_person_who_tells_whatsapp_to_stop_is_heard(
    sandbox: SandboxProcess, account: Credentials, inbox: Inbox
) -> None:
    who, address = person(sandbox)
    sandbox.control("POST", f"/people/{who}/preferences", {"marketing": "stop"})
    changed = await inbox.until(lambda event: isinstance(event, PreferenceChanged))
    assert (changed.address.phone, changed.wants_marketing) == (address.phone, False)


# --- templates and the account ----------------------------------------------------------------------------

DEFINITION: dict[str, Any] = {
    "name": "avviso_prova",
    "language": "it",
    "category": "UTILITY",
    "parameter_format": "named",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Comune di Esempio"},
        {
            "type": "BODY",
            "text": "Si avvisa che oggi la strada {{via}} resta chiusa al traffico fino a sera.",
            "example": {"body_text_named_params": [{"param_name": "via", "example": "Via Roma"}]},
        },
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]},
    ],
}


async def test_a_template_is_created_approved_sent_and_deleted(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox
) -> None:
    created = await WHATSAPP.create_template(http, account, DEFINITION)
    assert (created.name, created.status, created.parameter_format) == ("avviso_prova", "PENDING", "NAMED")
    await inbox.until(
        lambda event: (
            isinstance(event, TemplateChanged)
            and event.template_id == created.template_id
            and event.status == "APPROVED"
        )
    )
    [listed] = [each for each in await WHATSAPP.templates(http, account) if each.name == "avviso_prova"]
    assert (listed.template_id, listed.status, listed.category) == (
        created.template_id,
        "APPROVED",
        "UTILITY",
    )
    assert listed.parameter_format == "NAMED"

    who, address = person(sandbox, silent=True)
    outgoing = Template(
        "avviso_prova",
        "it",
        body=[Parameter("Via Roma", "via")],
        buttons=[TemplateButton(0, "quick_reply", "STOP")],
    )
    assert WHATSAPP.problems(outgoing) == []
    taken = await WHATSAPP.send(http, account, address, outgoing, "d-1")
    assert last(sandbox, who)["id"] == taken.message_id

    for wrong in (
        Template("avviso_prova", "it"),
        Template("avviso_prova", "it", body=[Parameter("Via Roma", "strada")]),
        Template("avviso_prova", "it", body=[Parameter("Via\nRoma", "via")]),
        Template("avviso_prova", "it", body=[Parameter("Via     Roma", "via")]),
        Template("avviso_prova", "it", body=[Parameter("", "via")]),
        Template("avviso_prova", "it", body=[Parameter("x" * 1025, "via")]),
        Template("avviso_prova", "de", body=[Parameter("Via Roma", "via")]),
        Template("altro", "it"),
    ):
        found = await refused(WHATSAPP.send(http, account, address, wrong, "d-1"))
        assert (found.remedy, found.certain) == (Remedy.NEVER, True), wrong

    await WHATSAPP.delete_template(http, account, "avviso_prova")
    assert "avviso_prova" not in {each.name for each in await WHATSAPP.templates(http, account)}
    found = await refused(WHATSAPP.create_template(http, account, {**DEFINITION, "name": "Avviso"}))
    assert found.remedy is Remedy.NEVER


async def test_a_template_with_a_photo_is_created_with_its_example_and_sent(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, inbox: Inbox, media_id: str
) -> None:
    handle = await WHATSAPP.upload_example(http, account, PNG, "image/png", "esempio.png")
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}}
    components = [header, *DEFINITION["components"][1:]]
    definition = {**DEFINITION, "name": "avviso_foto", "components": components}
    created = await WHATSAPP.create_template(http, account, definition)
    await inbox.until(
        lambda event: isinstance(event, TemplateChanged) and event.template_id == created.template_id
    )
    who, address = person(sandbox, silent=True)
    body = [Parameter("Via Roma", "via")]
    outgoing = Template("avviso_foto", "it", header_media_kind="image", header_media_id=media_id, body=body)
    taken = await WHATSAPP.send(http, account, address, outgoing, "d-1")
    assert last(sandbox, who)["id"] == taken.message_id
    without = msgspec.structs.replace(outgoing, header_media_id="", header_media_kind="")
    assert (await refused(WHATSAPP.send(http, account, address, without, "d-1"))).remedy is Remedy.NEVER


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_person_is_blocked_and_unblocked(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials, hidden: bool
) -> None:
    _, address = person(sandbox, hidden=hidden)
    await WHATSAPP.block(http, account, address)
    await WHATSAPP.unblock(http, account, address)


async def test_only_who_wrote_today_can_be_blocked(
    sandbox: SandboxProcess, http: aiohttp.ClientSession, account: Credentials
) -> None:
    _, address = person(sandbox, silent=True)
    found = await refused(WHATSAPP.block(http, account, address))
    assert (found.remedy, found.code) == (Remedy.NEVER, 139100)


async def test_an_address_that_does_not_answer_the_handshake_is_not_subscribed(
    http: aiohttp.ClientSession, account: Credentials
) -> None:
    found = await refused(WHATSAPP.subscribe(http, account, "http://127.0.0.1:9/hooks/1"))
    assert found.remedy is Remedy.NEVER


async def test_the_number_describes_itself(http: aiohttp.ClientSession, account: Credentials) -> None:
    described = await WHATSAPP.describe(http, account)
    assert described["id"] == account.number_id
    assert described["verified_name"] == "Comune di Esempio"
    assert {"display_phone_number", "quality_rating"} <= set(described)
    wrong = msgspec.structs.replace(account, token="altro")
    assert (await refused(WHATSAPP.describe(http, wrong))).code == 190


async def test_a_code_for_the_poster_is_made_and_listed(
    http: aiohttp.ClientSession, account: Credentials
) -> None:
    made = await WHATSAPP.create_code(http, account, "ISCRIVIMI")
    assert made.deep_link_url.endswith(made.code)
    assert (made.code, "ISCRIVIMI") in {
        (each.code, each.prefilled_message) for each in await WHATSAPP.codes(http, account)
    }
