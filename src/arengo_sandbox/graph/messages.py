# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`POST /{phone number id}/messages`: check, limit, accept; everything slower happens after the answer."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.chats import Message, window_open
from arengo_sandbox.conditions import Fault
from arengo_sandbox.errors import AS_STATUS, GraphError
from arengo_sandbox.graph.contents import Content, Send, check_content, read_send
from arengo_sandbox.media import Media, mismatch
from arengo_sandbox.people import Person, digits_of
from arengo_sandbox.world import World

# Meta: the first 1,000 service messages of a number in a month are free since October 2026.
FREE_SERVICE_MESSAGES = 1000
READ_WITHIN = 30 * 86400

_fetching: set[asyncio.Task[None]] = set()


async def send(world: World, number: BusinessNumber, request: web.Request) -> web.StreamResponse:
    body = await request.read()
    fault = world.conditions.fault()
    if fault is not None and not fault.accepts_first:
        broken = await _break(fault, request)
        if broken is not None:
            return broken
    wanted = read_send(body)
    if wanted.status is not None:
        # Read receipts to the citizen: the message and all earlier ones in the thread; perhaps "is typing".
        if wanted.status != "read":
            raise GraphError(100, "Param status must be one of {read}.")
        if not wanted.message_id:
            raise GraphError(131008, "Parameter 'message_id' is mandatory")
        message = world.chats.get(wanted.message_id)
        if message is None or not message.inbound or message.number != number.id:
            raise GraphError(131009, "Param message_id is not a message received by this number.")
        now = time.time()
        if now - message.at > READ_WITHIN:
            raise GraphError(131009, "Param message_id: the message is older than 30 days.")
        world.read_by_business(message, now)
        if wanted.typing_indicator is not None:
            if wanted.typing_indicator.get("type") != "text":
                raise GraphError(100, "Param typing_indicator['type'] must be one of {text}.")
            world.live.publish(message.person, {"change": "typing", "phone_number_id": number.id})
        mark_read = {"success": True}
        return web.Response(body=msgspec.json.encode(mark_read), content_type="application/json")
    late = _late_fault(fault)
    answer = msgspec.json.encode(accept(world, number, wanted, late))
    if fault is not None and fault.accepts_first:
        broken = await _break(fault, request, answer)
        if broken is not None:
            return broken
    return web.Response(body=answer, content_type="application/json")


def accept(
    world: World, number: BusinessNumber, wanted: Send, late: tuple[int, str] | None = None
) -> dict[str, Any]:
    """Check everything that Meta checks before its 200, then let the message set out."""
    if not world.profiles.of(number.id).registered:
        raise GraphError(133010, "The phone number is not registered on the platform.")
    address, person = _recipient(world, number, wanted)
    kind, content = check_content(world, wanted)
    if wanted.context is not None and kind == "reaction":
        raise GraphError(100, "A reaction cannot be a contextual reply.")
    if person is not None and world.blocks.has(number.id, person):
        raise GraphError(130403, "You have blocked this user; unblock them to send messages.")
    now = time.time()
    who = person.user_id if person is not None else address
    if not world.throughput.take(number.id, world.mps, now):
        raise GraphError(130429, "Cloud API message throughput has been reached.", subcode=2494055)
    if world.conditions.pair_limit and not world.pairs.take(number.id, who, now):
        raise GraphError(
            131056,
            "Message failed to send because there were too many messages sent from this phone number to the "
            "same phone number in a short period of time.",
        )
    if person is not None and not content.template:
        world.responder.overruled(number, person)
    error = late or _late_error(world, number, person, kind, content, now)
    message = _message(world, number, wanted, person, address, kind, content, now)
    if error is not None:
        message.error, message.details = error
    world.chats.add(message)
    _set_out(world, message, content, person)
    contact = {"input": wanted.to or wanted.recipient or ""}
    if wanted.to is None:
        contact["user_id"] = wanted.recipient or ""
    else:
        contact["wa_id"] = address
    sent: dict[str, str] = {"id": message.id}
    if content.template:
        sent["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


def _recipient(world: World, number: BusinessNumber, wanted: Send) -> tuple[str, Person | None]:
    """Address and person; `to` wins over `recipient`. Somebody who is not on WhatsApp is found out later."""
    if wanted.recipient_type != "individual":
        raise GraphError(100, "Param recipient_type must be one of {individual}.")
    if wanted.to is not None:
        digits = digits_of(wanted.to)
        if not digits.isdigit() or not 5 <= len(digits) <= 20:
            raise GraphError(100, "Param to is not a phone number.")
        if digits == number.digits:
            raise GraphError(131021, "Recipient phone number is the sender's own.")
        return digits, world.people.by_phone(digits)
    if wanted.recipient is None:
        raise GraphError(100, "The parameter to is required.")
    return wanted.recipient, world.people.by_user_id(wanted.recipient)


def _late_error(
    world: World, number: BusinessNumber, person: Person | None, kind: str, content: Content, now: float
) -> tuple[int, str] | None:
    """What Meta only finds out after its 200, and says in a `failed` status."""
    if person is None:
        return 131026, "Message Undeliverable."
    is_open = window_open(person, number.id, now)
    if not content.template and not is_open:
        return (
            131047,
            "Message failed to send because more than 24 hours have passed since the customer last replied.",
        )
    if content.category == "marketing" and person.marketing_stopped:
        return (
            131050,
            "Unable to deliver the message. The recipient has stopped receiving marketing messages.",
        )
    if not is_open and not world.tier.take(person.user_id, world.conditions.tier, now):
        return (
            131048,
            "Message failed to send because of restrictions on how many messages this phone number can send.",
        )
    return content.late_error


def _message(
    world: World,
    number: BusinessNumber,
    wanted: Send,
    person: Person | None,
    address: str,
    kind: str,
    content: Content,
    now: float,
) -> Message:
    seq = world.chats.next_seq()
    crowded = person is not None and person.automatic
    return Message(
        seq=seq,
        id=world.chats.wamid(person, seq, inbound=False),
        inbound=False,
        number=number.id,
        person=person.n if person is not None else 0,
        type=kind,
        content=content.raw,
        at=now,
        to=address,
        opaque=wanted.biz_opaque_callback_data,
        context=wanted.context.message_id if wanted.context else None,
        category=content.category,
        billable=world.chats.count_service(number.id, now) > FREE_SERVICE_MESSAGES
        if content.category == "service"
        else True,
        # Of a crowd's templates only the parameters are kept: a million rendered texts would not fit in memory.
        rendered=None if crowded else content.rendered,
        media=content.media,
    )


def _set_out(world: World, message: Message, content: Content, person: Person | None) -> None:
    if content.link is not None and not message.error and world.conditions.fetch_links:
        task = asyncio.create_task(_fetch_then_carry(world, message, content, person))
        _fetching.add(task)
        task.add_done_callback(_fetching.discard)
        return
    if message.type == "reaction" and not message.error:
        reaction = msgspec.json.decode(content.raw)
        target = world.chats.get(reaction["message_id"])
        if target is not None:
            target.business_reaction = reaction["emoji"]
            world.chats.keep(target)
            world.publish_message(target)
    world.carrier.carry(message)


async def _fetch_then_carry(world: World, message: Message, content: Content, person: Person | None) -> None:
    fetched = await world.links.fetch(content.link or "", message.number)
    problem = mismatch(fetched, content.media_kind) if isinstance(fetched, Media) else fetched
    if isinstance(fetched, Media) and problem is None:
        message.media = fetched.id
    else:
        message.error, message.details = 131053, problem or ""
    world.chats.keep(message)
    world.carrier.carry(message)


def _late_fault(fault: Fault | None) -> tuple[int, str] | None:
    """A fault that answers 200 first: its code comes in a `failed` status."""
    if fault is None or fault.code is None or fault.kind != "error":
        return None
    reported = fault.shown_as or ("status" if fault.code in AS_STATUS else "response")
    return (fault.code, fault.details or "As the sandbox's conditions say.") if reported == "status" else None


async def _break(
    fault: Fault, request: web.Request, answer: bytes = b'{"messaging_product":"whatsapp"}'
) -> web.StreamResponse | None:
    """Refuse, hang, cut the connection or stammer; None when this fault does none of these now.

    ``answer``: the good one, of a send that was accepted.
    """
    if fault.kind == "error":
        if fault.code is not None:
            if _late_fault(fault) is not None:
                return None
            raise GraphError(fault.code, fault.details or "As the sandbox's conditions say.", http=fault.http)
        return web.Response(
            status=fault.http or 500,
            text="<html><body>Sorry, something went wrong.</body></html>",
            content_type="text/html",
        )
    if fault.kind == "malformed":
        return web.Response(
            body=b'{"messaging_product":"whatsapp","messages":[{"id":', content_type="application/json"
        )
    if fault.kind in _ODD_ANSWERS:
        return await _ODD_ANSWERS[fault.kind](fault, request, answer)
    if fault.kind != "reset":
        await asyncio.sleep(fault.seconds)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _half(_fault: Fault, request: web.Request, answer: bytes) -> web.StreamResponse:
    """A good head, half of the body that it promises, and the end of the connection."""
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": str(len(answer))}
    )
    await response.prepare(request)
    await response.write(answer[: len(answer) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


async def _gzip(_fault: Fault, _request: web.Request, answer: bytes) -> web.StreamResponse:
    """Nobody asked for it, and it is right."""
    return web.Response(body=gzip.compress(answer), headers=_PACKED, content_type="application/json")


async def _gzip_broken(_fault: Fault, _request: web.Request, answer: bytes) -> web.StreamResponse:
    return web.Response(body=gzip.compress(answer)[:-9], headers=_PACKED, content_type="application/json")


async def _redirect(fault: Fault, _request: web.Request, _answer: bytes) -> web.StreamResponse:
    return web.Response(status=fault.http or 302, headers={"Location": "/elsewhere"})


async def _late(fault: Fault, _request: web.Request, answer: bytes) -> web.StreamResponse:
    await asyncio.sleep(fault.seconds)
    return web.Response(body=answer, content_type="application/json")


async def _close(_fault: Fault, request: web.Request, _answer: bytes) -> web.StreamResponse:
    """As a server that closes a kept connection just when it is used again: an end, no reset, and no answer."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=500)


_PACKED = {"Content-Encoding": "gzip"}
_ODD_ANSWERS: dict[str, Callable[[Fault, web.Request, bytes], Awaitable[web.StreamResponse]]] = {
    "half": _half,
    "gzip": _gzip,
    "gzip_broken": _gzip_broken,
    "redirect": _redirect,
    "late": _late,
    "close": _close,
}
