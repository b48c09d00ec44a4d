# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outgoing messages as Graph JSON (Meta: ``POST /{phone-number-id}/messages``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arengo.platforms.contract import (
    Address,
    Buttons,
    Choice,
    Listing,
    LocationRequest,
    Media,
    NumberRequest,
    Outgoing,
    Parameter,
    Reaction,
    Template,
    TemplateButton,
    Text,
)

Json = dict[str, Any]


def message(to: Address, outgoing: Outgoing, opaque: str) -> Json:
    """The whole body of one send.

    ``opaque`` comes back in every receipt of the message (at most 512 characters).
    """
    body: Json = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    # The plus sign stays: without it Meta reads the digits as a number of the business's own country.
    # A person with both addresses is reached by phone, since Meta itself lets "to" win.
    if to.phone:
        body["to"] = to.phone
    else:
        body["recipient"] = to.user_id
    if opaque:
        body["biz_opaque_callback_data"] = opaque
    reply_to = getattr(outgoing, "reply_to", None)
    if reply_to:
        body["context"] = {"message_id": reply_to}
    body.update(_CONTENT[type(outgoing)](outgoing))
    return body


def read(message_id: str, *, typing: bool) -> Json:
    body: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    if typing:
        body["typing_indicator"] = {"type": "text"}
    return body


def block(to: Address) -> Json:
    user = {"user": to.phone} if to.phone else {"user_id": to.user_id}
    return {"messaging_product": "whatsapp", "block_users": [user]}


def take(to: Address) -> Json:
    person = {"to": to.phone} if to.phone else {"recipient": to.user_id}
    return {"messaging_product": "whatsapp", **person, "action": "take"}


# --- the content, one kind at a time ----------------------------------------------------------------------


def _text(outgoing: Text) -> Json:
    return {"type": "text", "text": {"body": outgoing.body, "preview_url": outgoing.preview_url}}


def _media(outgoing: Media) -> Json:
    media: Json = {"id": outgoing.media_id}
    if outgoing.caption:
        media["caption"] = outgoing.caption
    if outgoing.filename and outgoing.kind == "document":
        media["filename"] = outgoing.filename
    return {"type": outgoing.kind, outgoing.kind: media}


def _reaction(outgoing: Reaction) -> Json:
    return {"type": "reaction", "reaction": {"message_id": outgoing.message_id, "emoji": outgoing.emoji}}


def _buttons(outgoing: Buttons) -> Json:
    buttons = [{"type": "reply", "reply": {"id": each.id, "title": each.title}} for each in outgoing.choices]
    return _interactive("button", outgoing, {"buttons": buttons})


def _listing(outgoing: Listing) -> Json:
    sections: list[Json] = []
    for section in outgoing.sections:
        rows = [_row(row) for row in section.rows]
        sections.append({"title": section.title, "rows": rows} if section.title else {"rows": rows})
    return _interactive("list", outgoing, {"button": outgoing.button, "sections": sections})


def _row(row: Choice) -> Json:
    shown: Json = {"id": row.id, "title": row.title}
    if row.description:
        shown["description"] = row.description
    return shown


def _interactive(kind: str, outgoing: Buttons | Listing, action: Json) -> Json:
    interactive: Json = {"type": kind, "body": {"text": outgoing.body}, "action": action}
    if outgoing.header:
        interactive["header"] = {"type": "text", "text": outgoing.header}
    if outgoing.footer:
        interactive["footer"] = {"text": outgoing.footer}
    return {"type": "interactive", "interactive": interactive}


def _location_request(outgoing: LocationRequest) -> Json:
    return _request("location_request_message", outgoing.body, "send_location")


def _number_request(outgoing: NumberRequest) -> Json:
    return _request("request_contact_info", outgoing.body, "request_contact_info")


def _request(kind: str, body: str, action: str) -> Json:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": body}, "action": {"name": action}},
    }


def _template(outgoing: Template) -> Json:
    components: list[Json] = []
    if outgoing.header_text is not None:
        components.append({"type": "header", "parameters": [_parameter(outgoing.header_text)]})
    elif outgoing.header_media_id:
        kind = outgoing.header_media_kind
        components.append(
            {"type": "header", "parameters": [{"type": kind, kind: {"id": outgoing.header_media_id}}]}
        )
    if outgoing.body:
        components.append({"type": "body", "parameters": [_parameter(each) for each in outgoing.body]})
    components.extend(_template_button(each) for each in outgoing.buttons)
    template: Json = {"name": outgoing.name, "language": {"code": outgoing.language}}
    if components:
        template["components"] = components
    return {"type": "template", "template": template}


def _parameter(parameter: Parameter) -> Json:
    if parameter.name:
        return {"type": "text", "parameter_name": parameter.name, "text": parameter.text}
    return {"type": "text", "text": parameter.text}


def _template_button(button: TemplateButton) -> Json:
    value: Json = (
        {"type": "payload", "payload": button.value}
        if button.kind == "quick_reply"
        else {"type": "text", "text": button.value}
    )
    # Meta wants the position as text.
    return {"type": "button", "sub_type": button.kind, "index": str(button.index), "parameters": [value]}


_CONTENT: dict[type, Callable[[Any], Json]] = {
    Text: _text,
    Media: _media,
    Template: _template,
    Buttons: _buttons,
    Listing: _listing,
    LocationRequest: _location_request,
    NumberRequest: _number_request,
    Reaction: _reaction,
}
