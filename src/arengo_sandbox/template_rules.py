# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a template definition must be: names, lengths, variables, examples, buttons. Meta's page "Components"."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from arengo_sandbox.errors import GraphError, template_error
from arengo_sandbox.templates import Template

NAME = re.compile(r"^[a-z0-9_]{1,512}$")
LANGUAGE = re.compile(r"^[a-z]{2,3}(_[A-Z]{2,3})?$")
VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
NAMED = re.compile(r"^[a-z][a-z0-9_]*$")
CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
HEADER_LIMIT, BODY_LIMIT, FOOTER_LIMIT = 60, 1024, 60
BUTTONS, URL_BUTTONS, BUTTON_LABEL, URL_LIMIT, PHONE_LIMIT = 10, 2, 25, 2000, 20
# A body needs this many words for each variable and one more (Meta refuses a text that is mostly variables).
WORDS_PER_VARIABLE = 2
MEDIA_FORMATS = ("IMAGE", "VIDEO", "DOCUMENT")


def template_from(wanted: dict[str, Any]) -> Template:
    """A template as a creation request defines it, or Meta's refusal."""
    for name in ("name", "language", "category"):
        if not isinstance(wanted.get(name), str) or not wanted[name]:
            raise GraphError(100, f"The parameter {name} is required.")
    if not NAME.match(wanted["name"]):
        raise GraphError(
            100, "Message template name can only have lowercase letters, digits and underscores, 512 at most."
        )
    if not LANGUAGE.match(wanted["language"]):
        raise GraphError(100, f"Param language: {wanted['language']} is not a supported language.")
    category = wanted["category"].upper()
    if category not in CATEGORIES:
        raise GraphError(100, f"Param category must be one of {{{', '.join(CATEGORIES)}}}.")
    style = str(wanted.get("parameter_format") or "POSITIONAL").upper()
    if style not in ("POSITIONAL", "NAMED"):
        raise GraphError(100, "Param parameter_format must be one of {POSITIONAL, NAMED}.")
    components = checked_components(wanted.get("components"), style)
    ttl = wanted.get("message_send_ttl_seconds")
    return Template(
        id="0",
        name=wanted["name"],
        language=wanted["language"],
        category=category,
        status="PENDING",
        components=components,
        parameter_format=style,
        message_send_ttl_seconds=checked_ttl(ttl, category) if ttl is not None else None,
    )


def checked_ttl(ttl: Any, category: str) -> int:
    low, high = {"AUTHENTICATION": (30, 900), "UTILITY": (30, 43200), "MARKETING": (43200, 2592000)}[category]
    if not isinstance(ttl, int) or not (ttl == -1 or low <= ttl <= high):
        raise GraphError(100, f"Param message_send_ttl_seconds must be -1 or between {low} and {high}.")
    return ttl


def checked_components(components: Any, style: str) -> list[dict[str, Any]]:
    if not isinstance(components, list) or not all(isinstance(part, dict) for part in components):
        raise GraphError(100, "The parameter components is required and must be an array of objects.")
    kinds = [str(part.get("type", "")).upper() for part in components]
    for kind in kinds:
        if kind not in ("HEADER", "BODY", "FOOTER", "BUTTONS"):
            raise GraphError(100, f"Unexpected component type '{kind}'.")
        if kinds.count(kind) > 1:
            raise GraphError(100, f"Only one component of type {kind} is allowed.")
    if "BODY" not in kinds:
        raise template_error(2388072, "A template must have a component of type BODY.")
    checks = {
        "HEADER": _check_header,
        "BODY": _check_body,
        "FOOTER": _check_footer,
        "BUTTONS": _check_buttons,
    }
    for kind, part in zip(kinds, components, strict=True):
        part["type"] = kind
        checks[kind](part, style)
    return components


def variables_of(text: str, style: str, subcode: int) -> list[str]:
    """The variables of a text in order of appearance: {{1}}, {{2}} … or {{nome}} – never both."""
    found = VARIABLE.findall(text)
    stripped = VARIABLE.sub("", text)
    if "{{" in stripped or "}}" in stripped:
        raise template_error(subcode, "The text has a dangling or malformed variable.")
    unique = list(dict.fromkeys(found))
    if style == "POSITIONAL":
        if [*map(str, range(1, len(unique) + 1))] != sorted(
            unique, key=lambda v: int(v) if v.isdigit() else -1
        ):
            raise template_error(subcode, "Positional variables must be {{1}}, {{2}}, … without gaps.")
    elif any(not NAMED.match(name) for name in unique):
        raise template_error(subcode, "Named variables have lowercase letters, digits and underscores only.")
    return unique


def _check_header(part: dict[str, Any], style: str) -> None:
    form = str(part.get("format", "TEXT")).upper()
    part["format"] = form
    if form == "TEXT":
        text = _text(part, HEADER_LIMIT, "header", 2388039)
        if "\n" in text or re.search(r"[*_~`]", text):
            raise template_error(2388047, "A header has no line breaks and no formatting characters.")
        variables = variables_of(text, style, 2388047)
        if len(variables) > 1:
            raise template_error(2388047, "A header has at most one variable.")
        if variables:
            _check_example(part, "header_text", variables, style, 2388047)
    elif form in MEDIA_FORMATS:
        example = part.get("example")
        handles = example.get("header_handle") if isinstance(example, dict) else None
        if not isinstance(handles, list) or not handles:
            raise template_error(2388047, f"A header of format {form} needs an example with a header_handle.")
    elif form != "LOCATION":
        raise GraphError(100, f"Param format must be one of TEXT, LOCATION, {', '.join(MEDIA_FORMATS)}.")


def _check_body(part: dict[str, Any], style: str) -> None:
    text = _text(part, BODY_LIMIT, "body", 2388072)
    variables = variables_of(text, style, 2388072)
    if not variables:
        return
    bare = text.strip()
    if bare.startswith("{{") or bare.endswith("}}"):
        raise template_error(2388299, "The body starts or ends with a variable.")
    if re.search(r"\}\}[ \t]*\{\{", text):
        raise template_error(2388072, "Two variables stand next to each other without text between them.")
    words = len(re.findall(r"\w+", VARIABLE.sub(" ", text)))
    if words < WORDS_PER_VARIABLE * len(variables) + 1:
        raise template_error(2388293, "The body has too many variables for its length.")
    _check_example(part, "body_text", variables, style, 2388072)


def _check_footer(part: dict[str, Any], style: str) -> None:
    text = _text(part, FOOTER_LIMIT, "footer", 2388073)
    if VARIABLE.search(text):
        raise template_error(2388073, "A footer has no variables.")


def _check_buttons(part: dict[str, Any], style: str) -> None:
    buttons = part.get("buttons")
    if not isinstance(buttons, list) or not buttons or not all(isinstance(b, dict) for b in buttons):
        raise GraphError(100, "A component of type BUTTONS needs an array of buttons.")
    if len(buttons) > BUTTONS:
        raise GraphError(100, f"A template has at most {BUTTONS} buttons.")
    kinds = [str(button.get("type", "")).upper() for button in buttons]
    most = {
        "URL": URL_BUTTONS,
        "PHONE_NUMBER": 1,
        "COPY_CODE": 1,
        "QUICK_REPLY": BUTTONS,
        "REQUEST_CONTACT_INFO": 1,
    }
    for kind, button in zip(kinds, buttons, strict=True):
        if kind not in most:
            raise GraphError(100, f"Unexpected button type '{kind}'.")
        if kinds.count(kind) > most[kind]:
            raise GraphError(100, f"A template has at most {most[kind]} buttons of type {kind}.")
        button["type"] = kind
        if kind not in ("COPY_CODE", "REQUEST_CONTACT_INFO"):
            label = button.get("text")
            if not isinstance(label, str) or not label.strip():
                raise GraphError(100, f"A button of type {kind} needs a text.")
            if len(label) > BUTTON_LABEL:
                raise template_error(2388040, f"A button's text has at most {BUTTON_LABEL} characters.")
            if VARIABLE.search(label):
                raise GraphError(100, "A button's text has no variables.")
        if kind == "URL":
            url = button.get("url")
            if not isinstance(url, str) or not re.match(r"^https?://", url) or len(url) > URL_LIMIT:
                raise GraphError(
                    100, f"A URL button needs an http(s) address of at most {URL_LIMIT} characters."
                )
            variables = VARIABLE.findall(url)
            if variables and (len(variables) > 1 or not url.endswith("}}")):
                raise GraphError(100, "A URL button has at most one variable, at the end of its address.")
            if variables and not button.get("example"):
                raise GraphError(100, "A URL button with a variable needs an example.")
        if kind == "PHONE_NUMBER" and not 0 < len(str(button.get("phone_number", ""))) <= PHONE_LIMIT:
            raise GraphError(100, f"A phone button needs a phone_number of at most {PHONE_LIMIT} characters.")
    quick = [kind == "QUICK_REPLY" for kind in kinds]
    if sum(1 for before, after in pairwise(quick) if before != after) > 1:
        raise GraphError(100, "Quick reply buttons must stand together, before or after the others.")


def _text(part: dict[str, Any], limit: int, name: str, subcode: int) -> str:
    text = part.get("text")
    if not isinstance(text, str) or not text.strip():
        raise template_error(subcode, f"The {name} needs a text.")
    if len(text) > limit:
        raise template_error(2388040, f"The {name} has {len(text)} characters; at most {limit} are allowed.")
    return text


def _check_example(part: dict[str, Any], key: str, variables: list[str], style: str, subcode: int) -> None:
    example = part.get("example")
    if not isinstance(example, dict):
        example = {}
    if style == "NAMED":
        given = example.get(f"{key}_named_params")
        entries = [entry for entry in given if isinstance(entry, dict)] if isinstance(given, list) else []
        names = {str(entry.get("param_name")) for entry in entries}
        if not names.issuperset(variables):
            raise template_error(subcode, f"An example for each variable is required in {key}_named_params.")
        return
    given = example.get(key)
    if key == "body_text" and isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    if not isinstance(given, list) or len(given) < len(variables):
        raise template_error(subcode, f"An example for each variable is required in {key}.")
