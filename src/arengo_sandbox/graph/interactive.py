# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Buttons, lists, links and requests: what they may hold (Meta's pages "Interactive … messages")."""

from __future__ import annotations

from typing import Any

from arengo_sandbox.errors import GraphError

HEADER_LIMIT, FOOTER_LIMIT = 60, 60
BODY_LIMITS = {
    "button": 1024,
    "list": 4096,
    "cta_url": 1024,
    "location_request_message": 1024,
    "request_contact_info": 1024,
}
REQUESTS = {"location_request_message": "send_location", "request_contact_info": "request_contact_info"}
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
LIST_BUTTON, SECTIONS, ROWS, SECTION_TITLE = 20, 10, 10, 24
ROW_ID, ROW_TITLE, ROW_DESCRIPTION = 200, 24, 72
MEDIA_HEADERS = ("image", "video", "document")


def check_interactive(interactive: dict[str, Any]) -> dict[str, Any] | None:
    """Raise Meta's refusal, or return the header when it holds a file."""
    kind = interactive.get("type")
    if not isinstance(kind, str) or kind not in BODY_LIMITS:
        raise GraphError(100, f"Param interactive['type'] must be one of {{{', '.join(BODY_LIMITS)}}}.")
    body = interactive.get("body")
    if not isinstance(body, dict):
        raise GraphError(131008, "interactive: body is required.")
    _length("Body text", body.get("text"), BODY_LIMITS[kind])
    if (footer := interactive.get("footer")) is not None:
        _length("Footer text", footer.get("text") if isinstance(footer, dict) else None, FOOTER_LIMIT)
    action = interactive.get("action")
    if not isinstance(action, dict):
        raise GraphError(131008, "interactive: action is required.")
    if kind in REQUESTS:
        if action.get("name") != REQUESTS[kind]:
            raise GraphError(131009, f"interactive: action.name must be {REQUESTS[kind]}.")
    else:
        {"button": _check_buttons, "list": _check_list, "cta_url": _check_link}[kind](action)
    header = interactive.get("header")
    if header is None:
        return None
    form = header.get("type") if isinstance(header, dict) else None
    if form == "text":
        _length("Header text", header.get("text"), HEADER_LIMIT)
        return None
    if form not in MEDIA_HEADERS or kind == "list":
        raise GraphError(
            131009, f"Header type {form} is not supported for an interactive message of type {kind}."
        )
    if not isinstance(header.get(form), dict):
        raise GraphError(131008, f"interactive: header {form} is required.")
    return dict(header)


def _check_buttons(action: dict[str, Any]) -> None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS:
        raise GraphError(
            131009, f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {BUTTONS}"
        )
    replies = []
    for button in buttons:
        reply = button.get("reply") if isinstance(button, dict) and button.get("type") == "reply" else None
        if not isinstance(reply, dict):
            raise GraphError(131009, "Each button must be of type reply, with its reply.")
        _length("Button title", reply.get("title"), BUTTON_TITLE)
        _length("Button id", reply.get("id"), BUTTON_ID)
        replies.append(reply)
    _unique("Button id", [reply["id"] for reply in replies])
    _unique("Button title", [reply["title"] for reply in replies])


def _check_list(action: dict[str, Any]) -> None:
    _length("Button text", action.get("button"), LIST_BUTTON)
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= SECTIONS:
        raise GraphError(131009, f"Invalid sections count. Min allowed: 1, Max allowed: {SECTIONS}")
    ids: list[str] = []
    for section in sections:
        rows = section.get("rows") if isinstance(section, dict) else None
        if not isinstance(rows, list) or not rows:
            raise GraphError(131009, "Each section must have at least one row.")
        if len(sections) > 1 or section.get("title") is not None:
            _length("Section title", section.get("title"), SECTION_TITLE)
        for row in rows:
            if not isinstance(row, dict):
                raise GraphError(131009, "Each row must be an object.")
            _length("Row id", row.get("id"), ROW_ID)
            _length("Row title", row.get("title"), ROW_TITLE)
            if row.get("description") is not None:
                _length("Row description", row["description"], ROW_DESCRIPTION, least=0)
            ids.append(row["id"])
    if len(ids) > ROWS:
        raise GraphError(131009, f"Total row count exceeds max allowed count: {ROWS}")
    _unique("Row id", ids)


def _check_link(action: dict[str, Any]) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "cta_url" or not isinstance(parameters, dict):
        raise GraphError(131008, "interactive: action needs the name cta_url and its parameters.")
    _length("Display text", parameters.get("display_text"), BUTTON_TITLE)
    url = parameters.get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise GraphError(131009, "Parameter url is not a valid URL.")


def _length(name: str, text: Any, most: int, least: int = 1) -> None:
    if text is None:
        raise GraphError(131008, f"{name} is required.")
    if not isinstance(text, str) or not least <= len(text) <= most:
        raise GraphError(131009, f"{name} length invalid. Min length: {least}, Max length: {most}")


def _unique(name: str, values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"Duplicated {name.lower()}.")
