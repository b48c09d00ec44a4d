# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bodies of `POST /{number}/messages`, checked as Meta checks them before it says 200."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import msgspec

from arengo_sandbox.errors import GraphError
from arengo_sandbox.graph.interactive import check_interactive
from arengo_sandbox.media import mismatch
from arengo_sandbox.template_filling import filled, sendable
from arengo_sandbox.world import World

TEXT_LIMIT, CAPTION_LIMIT, OPAQUE_LIMIT, EMOJI_LIMIT = 4096, 1024, 512, 32
NOTHING = msgspec.Raw(b"")
T = TypeVar("T")


class Context(msgspec.Struct):
    message_id: str


class Send(msgspec.Struct, kw_only=True):
    """The request. What stands under the message's type is kept as it came and read by the type's own check."""

    messaging_product: str | None = None
    recipient_type: str = "individual"
    to: str | None = None
    recipient: str | None = None
    type: str | None = None
    status: str | None = None
    message_id: str | None = None
    typing_indicator: dict[str, Any] | None = None
    context: Context | None = None
    biz_opaque_callback_data: str | None = None
    text: msgspec.Raw = NOTHING
    image: msgspec.Raw = NOTHING
    video: msgspec.Raw = NOTHING
    audio: msgspec.Raw = NOTHING
    document: msgspec.Raw = NOTHING
    sticker: msgspec.Raw = NOTHING
    location: msgspec.Raw = NOTHING
    contacts: msgspec.Raw = NOTHING
    reaction: msgspec.Raw = NOTHING
    interactive: msgspec.Raw = NOTHING
    template: msgspec.Raw = NOTHING


class Text(msgspec.Struct):
    body: str
    preview_url: bool = False


class MediaRef(msgspec.Struct):
    id: str | None = None
    link: str | None = None
    caption: str | None = None
    filename: str | None = None
    voice: bool = False


class Location(msgspec.Struct):
    latitude: float | str
    longitude: float | str
    name: str | None = None
    address: str | None = None


class Reaction(msgspec.Struct):
    message_id: str
    emoji: str


class Content(NamedTuple):
    """A checked body: what is kept, and what still has to be found out after the 200."""

    raw: msgspec.Raw
    category: str = "service"
    rendered: dict[str, Any] | None = None
    media: str | None = None
    link: str | None = None
    media_kind: str = ""
    # An error that Meta reports later, in a `failed` status.
    late_error: tuple[int, str] | None = None
    template: bool = False


decode_send = msgspec.json.Decoder(Send).decode
decode_text = msgspec.json.Decoder(Text).decode


def read_send(body: bytes) -> Send:
    try:
        send = decode_send(body)
    except msgspec.ValidationError as problem:
        raise GraphError(100, f"Invalid parameter: {problem}") from None
    except msgspec.DecodeError:
        raise GraphError(100, "The body is not valid JSON.") from None
    if send.messaging_product != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    return send


def check_content(world: World, send: Send) -> tuple[str, Content]:
    """The message's type and its checked content."""
    kind = send.type or ("text" if send.text else None)
    if kind is None:
        raise GraphError(131008, "Parameter 'type' is mandatory")
    check = CHECKS.get(kind)
    if check is None:
        raise GraphError(100, f'Param type must be one of {{{", ".join(sorted(CHECKS))}}} - got "{kind}".')
    raw: msgspec.Raw = getattr(send, kind)
    if not raw:
        raise GraphError(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
    if send.biz_opaque_callback_data is not None and len(send.biz_opaque_callback_data) > OPAQUE_LIMIT:
        raise GraphError(
            100, f"Param biz_opaque_callback_data must be at most {OPAQUE_LIMIT} characters long."
        )
    return kind, check(world, raw)


def _as(type_: type[T], raw: msgspec.Raw, name: str) -> T:
    try:
        return msgspec.json.decode(raw, type=type_)
    except msgspec.ValidationError as problem:
        if "missing required field" in str(problem):
            raise GraphError(131008, f"{name}: {problem}") from None
        raise GraphError(100, f"Param {name}: {problem}") from None


def _text(_world: World, raw: msgspec.Raw) -> Content:
    text = _as(Text, raw, "text")
    if not text.body.strip():
        raise GraphError(100, "Param text['body'] must be at least 1 characters long.")
    if len(text.body) > TEXT_LIMIT:
        raise GraphError(100, f"Param text['body'] must be at most {TEXT_LIMIT} characters long.")
    return Content(raw.copy())


def _media(kind: str, captioned: bool) -> Callable[[World, msgspec.Raw], Content]:
    def check(world: World, raw: msgspec.Raw) -> Content:
        reference = _as(MediaRef, raw, kind)
        if reference.caption is not None:
            if not captioned:
                raise GraphError(100, f"Param {kind}: unexpected key 'caption'.")
            if len(reference.caption) > CAPTION_LIMIT:
                raise GraphError(
                    100, f"Param {kind}['caption'] must be at most {CAPTION_LIMIT} characters long."
                )
        return check_media(world, kind, raw, reference)

    return check


def check_media(world: World, kind: str, raw: msgspec.Raw, reference: MediaRef) -> Content:
    """Either `id` or `link`; a wrong file is found out after the 200 (131053), an unknown id before it."""
    if (reference.id is None) == (reference.link is None):
        raise GraphError(100, f"Param {kind} must have either an 'id' or a 'link'.")
    if reference.link is not None:
        if not reference.link.startswith(("http://", "https://")):
            raise GraphError(100, f"Param {kind}['link'] is not a valid URL.")
        return Content(raw.copy(), link=reference.link, media_kind=kind)
    media = world.media.get(reference.id or "")
    if media is None:
        raise GraphError(
            131009, f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID"
        )
    wrong = mismatch(media, kind)
    return Content(
        raw.copy(), media=media.id, media_kind=kind, late_error=(131053, wrong) if wrong is not None else None
    )


def _location(_world: World, raw: msgspec.Raw) -> Content:
    location = _as(Location, raw, "location")
    try:
        latitude, longitude = float(location.latitude), float(location.longitude)
    except ValueError:
        raise GraphError(100, "Param location: latitude and longitude must be numbers.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise GraphError(131009, "Param location: latitude or longitude is out of range.")
    return Content(raw.copy())


def _contacts(_world: World, raw: msgspec.Raw) -> Content:
    contacts = _as(list[dict[str, Any]], raw, "contacts")
    if not contacts:
        raise GraphError(131008, "Param contacts must have at least one contact.")
    for contact in contacts:
        name = contact.get("name")
        if not isinstance(name, dict) or not name.get("formatted_name"):
            raise GraphError(131008, "contacts: name with formatted_name is required.")
    return Content(raw.copy())


def _reaction(world: World, raw: msgspec.Raw) -> Content:
    reaction = _as(Reaction, raw, "reaction")
    if len(reaction.emoji) > EMOJI_LIMIT or (reaction.emoji.isascii() and reaction.emoji):
        raise GraphError(131009, "Param reaction['emoji'] is not an emoji.")
    found = world.chats.get(reaction.message_id)
    late = None if found is not None else (131009, "Parameter value is not valid: message_id")
    return Content(raw.copy(), late_error=late)


def _interactive(world: World, raw: msgspec.Raw) -> Content:
    interactive = _as(dict[str, Any], raw, "interactive")
    header = check_interactive(interactive)
    if header is None:
        return Content(raw.copy())
    kind = header["type"]
    found = check_media(world, kind, raw, _as(MediaRef, msgspec.Raw(msgspec.json.encode(header[kind])), kind))
    return found._replace(raw=raw.copy())


def _template(world: World, raw: msgspec.Raw) -> Content:
    """A mailing sends the same template with the same parameters to everybody: it is checked once."""
    key = bytes(raw)
    known = world.templates.checked.get(key)
    if isinstance(known, Content):
        return known
    content = _checked_template(world, raw)
    # A file may be deleted meanwhile; what names none stays right until a template changes.
    if content.media is None:
        world.templates.remember(key, content)
    return content


def _checked_template(world: World, raw: msgspec.Raw) -> Content:
    wanted = _as(dict[str, Any], raw, "template")
    template = sendable(world.templates, wanted)
    rendered = filled(template, wanted)
    content = Content(raw.copy(), category=template.category.lower(), rendered=rendered, template=True)
    header = rendered.get("header")
    if header is None or header["type"] not in ("image", "video", "document"):
        return content
    kind = header["type"]
    reference = _as(MediaRef, msgspec.Raw(msgspec.json.encode(header[kind])), kind)
    found = check_media(world, kind, content.raw, reference)
    return content._replace(media=found.media, link=found.link, media_kind=kind, late_error=found.late_error)


CHECKS: dict[str, Callable[[World, msgspec.Raw], Content]] = {
    "text": _text,
    "image": _media("image", captioned=True),
    "video": _media("video", captioned=True),
    "document": _media("document", captioned=True),
    "audio": _media("audio", captioned=False),
    "sticker": _media("sticker", captioned=False),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "interactive": _interactive,
    "template": _template,
}
