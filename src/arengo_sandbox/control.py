# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The control API under `/sandbox/`: people, what they do, conditions, the ledger. Documented in docs/sandbox.md."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import BodyPartReader, web

from arengo_sandbox import inbox
from arengo_sandbox.account import BusinessNumber
from arengo_sandbox.conditions import Conditions, changed
from arengo_sandbox.graph.business import announce_limit
from arengo_sandbox.graph.templates import decide, recategorise
from arengo_sandbox.media import LARGEST
from arengo_sandbox.people import Person, digits_of
from arengo_sandbox.showing import shown_message
from arengo_sandbox.template_rules import CATEGORIES
from arengo_sandbox.templates import Template
from arengo_sandbox.world import World

CROWD_LIMIT = 1_000_000
LISTED = 5_000
VERSION = "v24.0"


class Refused(Exception):
    """A control request that cannot be done: HTTP status and a sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Control:
    """The handlers, each a few lines: read, do, show."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sandbox/health", self.health),
            web.get("/sandbox/account", self.account),
            web.get("/sandbox/people", self.people),
            web.post("/sandbox/people", self.make_people),
            web.get("/sandbox/people/{person}", self.person),
            web.patch("/sandbox/people/{person}", self.change_person),
            web.get("/sandbox/people/{person}/messages", self.messages),
            web.post("/sandbox/people/{person}/messages", self.write),
            web.post("/sandbox/people/{person}/media", self.keep_file),
            web.post("/sandbox/people/{person}/read", self.read),
            web.post("/sandbox/people/{person}/preferences", self.prefer),
            web.post("/sandbox/people/{person}/window", self.window),
            web.get("/sandbox/conditions", self.conditions),
            web.post("/sandbox/conditions", self.set_conditions),
            web.delete("/sandbox/conditions", self.reset_conditions),
            web.post("/sandbox/tier", self.age_tier),
            web.get("/sandbox/responder", self.responder),
            web.post("/sandbox/responder", self.set_responder),
            web.post("/sandbox/people/{person}/handover", self.hand_over),
            web.get("/sandbox/ledger", self.ledger),
            web.delete("/sandbox/ledger", self.clear_ledger),
            web.get("/sandbox/templates", self.templates),
            web.post("/sandbox/templates/{template}/status", self.decide_template),
            web.post("/sandbox/templates/{template}/category", self.recategorise_template),
        ]

    # --- the world -------------------------------------------------------------------------------------------

    async def health(self, _request: web.Request) -> web.Response:
        world = self.world
        return answer(
            {
                "status": "ok",
                "people": len(world.people),
                "accepted": world.chats.ledger_size(),
                "webhooks": {
                    "pending": world.webhooks.pending,
                    "posted": world.webhooks.posted,
                    "failed": world.webhooks.failed,
                },
                "lasting": world.storage.lasting,
            }
        )

    async def account(self, _request: web.Request) -> web.Response:
        account = self.world.account
        subscription = self.world.webhooks.subscription(account.waba_id)
        return answer(
            {
                "version": VERSION,
                "waba_id": account.waba_id,
                "app_id": account.app_id,
                "mps": self.world.mps,
                "webhook": subscription.url if subscription else None,
                "phone_numbers": [
                    {
                        "id": number.id,
                        "display_phone_number": number.display,
                        "wa_id": number.digits,
                        "verified_name": number.verified_name,
                    }
                    for number in account.numbers
                ],
            }
        )

    # --- people ----------------------------------------------------------------------------------------------

    async def people(self, request: web.Request) -> web.Response:
        after = request.query.get("after", "p0").removeprefix("p")
        limit = _whole(request, "limit", 1000)
        shown = []
        for person in self.world.people.everybody(int(after) if after.isdigit() else 0):
            shown.append(person.shown())
            if len(shown) >= limit:
                break
        return answer({"people": shown, "total": len(self.world.people)})

    async def make_people(self, request: web.Request) -> web.StreamResponse:
        wanted = await _body(request)
        count = wanted.get("count", 1)
        hidden = bool(wanted.get("hide_number", False))
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= CROWD_LIMIT:
            raise Refused(400, f"count is a whole number between 1 and {CROWD_LIMIT}")
        if count == 1 and "prefix" not in wanted:
            return answer({"people": [self._one_person(wanted, hidden).shown()], "count": 1}, 201)
        prefix = wanted.get("prefix")
        try:
            crowd = self.world.people.add_crowd(
                count, None if prefix is None else str(prefix), hide_number=hidden
            )
        except ValueError as problem:
            raise Refused(400, str(problem)) from None
        if wanted.get("list") is False:
            return answer(
                {"count": count, "first": f"p{crowd.first}", "last": f"p{crowd.first + count - 1}"}, 201
            )
        if count <= LISTED:
            return answer(
                {"people": [crowd.person(crowd.first + i).shown() for i in range(count)], "count": count}, 201
            )
        response = web.StreamResponse(status=201, headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"count":%d,"people":[' % count)
        for start in range(0, count, LISTED):
            rows = [crowd.person(crowd.first + i).shown() for i in range(start, min(start + LISTED, count))]
            await response.write((b"," if start else b"") + msgspec.json.encode(rows)[1:-1])
            await asyncio.sleep(0)
        await response.write(b"]}")
        await response.write_eof()
        return response

    def _one_person(self, wanted: dict[str, Any], hidden: bool) -> Person:
        phone = wanted.get("phone")
        if phone is not None:
            phone = digits_of(str(phone))
            if not phone.isdigit() or not 7 <= len(phone) <= 15:
                raise Refused(400, "phone is a number with its country code, 7 to 15 digits")
            if self.world.people.by_phone(phone) is not None:
                raise Refused(409, "somebody has this phone already")
        name, automatic = wanted.get("name"), bool(wanted.get("automatic", True))
        return self.world.people.add(
            str(name) if name else None, phone=phone, hide_number=hidden, automatic=automatic
        )

    async def person(self, request: web.Request) -> web.Response:
        return answer(self._person(request).shown())

    async def change_person(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = await _body(request)
        for name, kind in (
            ("hide_number", bool),
            ("online", bool),
            ("blocked_business", bool),
            ("automatic", bool),
            ("name", str),
        ):
            if name in wanted and not isinstance(wanted[name], kind):
                raise Refused(400, f"{name} must be {'true or false' if kind is bool else 'a text'}")
        unknown = set(wanted) - {"hide_number", "online", "blocked_business", "automatic", "name"}
        if unknown:
            raise Refused(400, f"unknown: {', '.join(sorted(unknown))}")
        was_online = person.online
        for name, value in wanted.items():
            setattr(person, name, value)
        person.username = f"persona{person.n}" if person.hide_number else None
        self.world.people.keep(person)
        if person.online and not was_online:
            self.world.carrier.came_online(person)
            inbox.came_online(self.world, person, str(request.url.origin()))
        self.world.live.publish(person.n, {"change": "person", "person": person.shown()})
        return answer(person.shown())

    # --- what people do --------------------------------------------------------------------------------------

    async def messages(self, request: web.Request) -> web.Response:
        person = self._person(request)
        number = request.query.get("phone_number_id")
        shown = [shown_message(self.world, message) for message in self.world.chats.of(person, number)]
        return answer({"messages": shown})

    async def write(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = await _body(request)
        number = self._number(wanted)
        origin = str(request.url.origin())
        try:
            if wanted.get("type") == "system":
                system = wanted.get("system")
                if not isinstance(system, dict):
                    raise Refused(400, "system must be an object")
                message = inbox.change_identity(self.world, person, number, system, origin)
            else:
                message = inbox.write(self.world, person, number, wanted, origin)
        except inbox.Unwritable as problem:
            raise Refused(400, str(problem)) from None
        return answer({"id": message.id, "message": message.shown()}, 201)

    async def keep_file(self, request: web.Request) -> web.Response:
        """A file from the phone's gallery: multipart with one part named `file`."""
        person = self._person(request)
        if request.content_type != "multipart/form-data":
            raise Refused(400, "send the file as multipart/form-data, in a part named file")
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                content = bytes(await part.read(decode=True))
                if not content or len(content) > LARGEST:
                    raise Refused(413 if content else 400, "the file is empty or larger than 100 MB")
                kind = part.headers.get("Content-Type", "application/octet-stream")
                media = self.world.media.add(
                    content, kind, self.world.account.numbers[0].id, part.filename, received=True
                )
                return answer(
                    {"id": media.id, "mime_type": kind, "size": media.size, "person": person.id}, 201
                )
        raise Refused(400, "there is no part named file")

    async def read(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = await _body(request)
        count = self.world.carrier.read(person, wanted.get("to"))
        return answer({"read": count})

    async def prefer(self, request: web.Request) -> web.Response:
        person = self._person(request)
        wanted = await _body(request)
        if wanted.get("marketing") not in ("stop", "resume"):
            raise Refused(400, 'marketing is "stop" or "resume"')
        inbox.prefer(self.world, person, self._number(wanted), stop=wanted["marketing"] == "stop")
        self.world.live.publish(person.n, {"change": "person", "person": person.shown()})
        return answer(person.shown())

    async def window(self, request: web.Request) -> web.Response:
        """Pretend that 24 hours have passed since the person wrote."""
        person = self._person(request)
        wanted = await _body(request)
        if wanted.get("closed") is not True:
            raise Refused(400, "closed must be true; a window opens when the person writes")
        person.wrote_at.clear()
        self.world.people.keep(person)
        return answer({"closed": True})

    # --- conditions, ledger, templates -----------------------------------------------------------------------

    async def conditions(self, _request: web.Request) -> web.Response:
        return answer(self.world.conditions)

    async def set_conditions(self, request: web.Request) -> web.Response:
        wanted = await _body(request)
        before = self.world.conditions.tier
        try:
            self.world.conditions = changed(self.world.conditions, wanted)
        except msgspec.ValidationError as problem:
            raise Refused(400, str(problem)) from None
        if "mps" in wanted:
            self.world.throughput.forget()
        if "tier" in wanted:
            self.world.tier.forget()
            if self.world.conditions.tier != before:
                announce_limit(self.world)
        if "pair_limit" in wanted:
            self.world.pairs.forget()
        return answer(self.world.conditions)

    async def reset_conditions(self, _request: web.Request) -> web.Response:
        self.world.conditions = Conditions()
        for limit in (self.world.throughput, self.world.tier, self.world.pairs):
            limit.forget()
        return answer(self.world.conditions)

    async def age_tier(self, request: web.Request) -> web.Response:
        """The people reached today were reached some hours earlier."""
        hours = (await _body(request)).get("hours")
        if not isinstance(hours, (int, float)) or isinstance(hours, bool) or not 0 < hours <= 1000:
            raise Refused(400, "hours is a number above 0")
        self.world.tier.age(hours * 3600)
        return answer({"hours": hours})

    async def responder(self, _request: web.Request) -> web.Response:
        return answer(self.world.responder.wishes)

    async def set_responder(self, request: web.Request) -> web.Response:
        try:
            self.world.responder.wish(await _body(request))
        except msgspec.ValidationError as problem:
            raise Refused(400, str(problem)) from None
        return answer(self.world.responder.wishes)

    async def hand_over(self, request: web.Request) -> web.Response:
        """The second responder passes the person's thread to the business."""
        person = self._person(request)
        self.world.responder.pass_on(self._number(await _body(request)), person)
        return answer({"handed_over": True})

    async def ledger(self, request: web.Request) -> web.Response:
        limit = min(_whole(request, "limit", 1000), 10_000)
        entries = [message.entry() for message in self.world.chats.ledger(_whole(request, "after", 0), limit)]
        following = entries[-1]["seq"] if len(entries) == limit else None
        return answer({"ledger": entries, "total": self.world.chats.ledger_size(), "next": following})

    async def clear_ledger(self, _request: web.Request) -> web.Response:
        self.world.chats.clear_ledger()
        return answer({"cleared": True})

    async def templates(self, _request: web.Request) -> web.Response:
        return answer({"templates": [template.shown() for template in self.world.templates.all()]})

    async def decide_template(self, request: web.Request) -> web.Response:
        template = self._template(request)
        wanted = await _body(request)
        if wanted.get("status") not in ("APPROVED", "REJECTED", "PAUSED", "DISABLED", "PENDING"):
            raise Refused(400, "status is APPROVED, REJECTED, PAUSED, DISABLED or PENDING")
        decide(self.world, template, wanted["status"], str(wanted.get("reason", "NONE")))
        return answer(template.shown())

    async def recategorise_template(self, request: web.Request) -> web.Response:
        template = self._template(request)
        wanted = await _body(request)
        if wanted.get("category") not in CATEGORIES:
            raise Refused(400, f"category is {', '.join(CATEGORIES)}")
        recategorise(self.world, template, wanted["category"])
        return answer(template.shown())

    # --- what a request names --------------------------------------------------------------------------------

    def _template(self, request: web.Request) -> Template:
        template = self.world.templates.by_id(request.match_info["template"])
        if template is None:
            raise Refused(404, "there is no such template")
        return template

    def _person(self, request: web.Request) -> Person:
        person = self.world.people.find(request.match_info["person"])
        if person is None:
            raise Refused(404, "there is no such person")
        return person

    def _number(self, wanted: dict[str, Any]) -> BusinessNumber:
        asked = wanted.get("to")
        if asked is None:
            return self.world.account.numbers[0]
        number = self.world.account.number(str(asked))
        if number is None:
            raise Refused(400, "to is the id of one of the business's phone numbers")
        return number


def answer(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), status=status, content_type="application/json")


async def _body(request: web.Request) -> dict[str, Any]:
    raw = await request.read()
    if not raw:
        return {}
    try:
        parsed = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise Refused(400, "the body is not JSON") from None
    if not isinstance(parsed, dict):
        raise Refused(400, "the body must be a JSON object")
    return parsed


def _whole(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isdigit():
        raise Refused(400, f"{name} is a whole number")
    return int(text)
