# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A template meets its parameters: are they the right ones, and what does the citizen see."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from arengo_sandbox.errors import GraphError
from arengo_sandbox.template_rules import BODY_LIMIT, HEADER_LIMIT, VARIABLE
from arengo_sandbox.templates import Template, Templates

# Meta: "Param text cannot have new-line/tab characters or more than 4 consecutive spaces".
UNFIT = re.compile(r"[\n\r\t]| {5,}")
PAYLOAD_LIMIT = 256
UNSENDABLE = {"PAUSED": 132015, "DISABLED": 132016}
Component = dict[str, Any]


def sendable(templates: Templates, wanted: Any) -> Template:
    """The approved template that a send names, or Meta's refusal."""
    if not isinstance(wanted, dict):
        raise GraphError(131008, "template is required.")
    name = wanted.get("name")
    language = wanted.get("language")
    code = language.get("code") if isinstance(language, dict) else None
    if not isinstance(name, str) or not name:
        raise GraphError(131008, "template name is required.")
    if not isinstance(code, str) or not code:
        raise GraphError(131008, "template language code is required.")
    template = templates.find(name, code)
    if template is not None and template.status in UNSENDABLE:
        raise GraphError(
            UNSENDABLE[template.status], f"template {name} ({code}) is {template.status.lower()}"
        )
    if template is None or template.status != "APPROVED":
        raise GraphError(132001, f"template name ({name}) does not exist in {code}")
    return template


def filled(template: Template, wanted: dict[str, Any]) -> dict[str, Any]:
    """What the phone shows: header, body, footer and buttons with the parameters in their places."""
    given = wanted.get("components") or []
    if not isinstance(given, list) or not all(isinstance(part, dict) for part in given):
        raise GraphError(132018, "template components must be an array of objects.")
    by_kind: dict[str, Component] = {}
    buttons: dict[int, Component] = {}
    for part in given:
        kind = str(part.get("type", "")).lower()
        if kind == "button":
            buttons[_index(part)] = part
        elif kind in ("header", "body"):
            by_kind[kind] = part
        elif kind != "footer":
            raise GraphError(100, f"Unexpected component type '{kind}' in template.")
    rendered: dict[str, Any] = {
        "name": template.name,
        "body": _filled_text(template, "BODY", by_kind.get("body"), BODY_LIMIT),
    }
    if (header := _filled_header(template, by_kind.get("header"))) is not None:
        rendered["header"] = header
    if (footer := template.component("FOOTER")) is not None:
        rendered["footer"] = footer["text"]
    defined = (template.component("BUTTONS") or {}).get("buttons", [])
    for position in buttons:
        if not 0 <= position < len(defined):
            raise GraphError(132018, f"buttons: there is no button at index {position}")
    shown = [
        _filled_button(position, button, buttons.get(position)) for position, button in enumerate(defined)
    ]
    if shown:
        rendered["buttons"] = shown
    return rendered


def _index(part: Component) -> int:
    try:
        return int(part.get("index", ""))
    except (TypeError, ValueError):
        raise GraphError(131008, "buttons: a button component needs its index.") from None


def _parameters(part: Component | None) -> list[dict[str, Any]]:
    parameters = (part or {}).get("parameters") or []
    if not isinstance(parameters, list) or not all(isinstance(item, dict) for item in parameters):
        raise GraphError(132018, "parameters must be an array of objects.")
    return parameters


def _filled_text(template: Template, kind: str, part: Component | None, limit: int) -> str:
    text = str((template.component(kind) or {}).get("text", ""))
    variables = _variables(text)
    parameters = _parameters(part)
    place = kind.lower()
    if len(parameters) != len(variables):
        raise GraphError(
            132000,
            f"{place}: number of localizable_params ({len(parameters)}) does not match the expected number of params "
            f"({len(variables)})",
        )
    values: dict[str, str] = {}
    for position, parameter in enumerate(parameters, start=1):
        name = _name_of(template, parameter, position, variables, place)
        values[name] = _value_of(parameter, place)
    result = VARIABLE.sub(lambda match: values[match.group(1)], text) if variables else text
    if len(result) > limit:
        raise GraphError(
            132005, f"{place}: translated text is {len(result)} characters long; at most {limit} allowed"
        )
    return result


@lru_cache(maxsize=1024)
def _variables(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(VARIABLE.findall(text)))


def _name_of(
    template: Template, parameter: dict[str, Any], position: int, variables: tuple[str, ...], place: str
) -> str:
    if template.parameter_format != "NAMED":
        return str(position)
    name = parameter.get("parameter_name")
    if not isinstance(name, str) or not name:
        raise GraphError(100, f"{place}: parameter name is missing or empty")
    if name not in variables:
        raise GraphError(132018, f"{place}: {name} is not a parameter of this template")
    return name


def _value_of(parameter: dict[str, Any], place: str) -> str:
    kind = parameter.get("type")
    if kind in ("currency", "date_time"):
        inner = parameter.get(kind)
        value = inner.get("fallback_value") if isinstance(inner, dict) else None
    elif kind == "text":
        value = parameter.get("text")
    else:
        raise GraphError(132012, f"{place}: Format mismatch, expected TEXT, received {str(kind).upper()}")
    if not isinstance(value, str) or not value:
        raise GraphError(131008, f"{place}: Required parameter is missing: text")
    if UNFIT.search(value):
        raise GraphError(
            132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        )
    return value


def _filled_header(template: Template, part: Component | None) -> dict[str, Any] | None:
    header = template.component("HEADER")
    if header is None:
        if _parameters(part):
            raise GraphError(
                132000, "header: number of localizable_params (1) does not match the expected (0)"
            )
        return None
    form = str(header.get("format", "TEXT")).lower()
    if form == "text":
        return {"type": "text", "text": _filled_text(template, "HEADER", part, HEADER_LIMIT)}
    parameters = _parameters(part)
    if len(parameters) != 1:
        raise GraphError(132012, f"header: Format mismatch, expected {form.upper()}, received UNKNOWN")
    kind = parameters[0].get("type")
    if kind != form:
        raise GraphError(
            132012, f"header: Format mismatch, expected {form.upper()}, received {str(kind).upper()}"
        )
    if not isinstance(parameters[0].get(form), dict):
        raise GraphError(131008, f"header: Required parameter is missing: {form}")
    return {"type": form, form: dict(parameters[0][form])}


def _filled_button(position: int, button: dict[str, Any], part: Component | None) -> dict[str, Any]:
    kind = button["type"]
    if part is not None and str(part.get("sub_type", "")).upper() != kind:
        raise GraphError(132018, f"buttons: the button at index {position} is of type {kind}")
    parameters = _parameters(part)
    shown = {"type": kind, "text": button.get("text", "")}
    if kind == "QUICK_REPLY":
        payload = parameters[0].get("payload") if parameters else button["text"]
        if not isinstance(payload, str) or len(payload) > PAYLOAD_LIMIT:
            raise GraphError(131009, f"buttons: a payload is a string of at most {PAYLOAD_LIMIT} characters")
        return shown | {"payload": payload}
    if kind == "URL":
        if not VARIABLE.search(button["url"]):
            if parameters:
                raise GraphError(132018, f"buttons: the button at index {position} takes no parameter")
            return shown | {"url": button["url"]}
        value = parameters[0].get("text") if parameters else None
        if not isinstance(value, str) or not value:
            raise GraphError(131008, f"buttons: Button at index {position} of type Url requires a parameter")
        return shown | {"url": VARIABLE.sub(lambda _: value, button["url"])}
    if kind == "COPY_CODE":
        code = parameters[0].get("coupon_code") if parameters else None
        if not isinstance(code, str) or not 0 < len(code) <= 15:
            raise GraphError(
                131008, f"buttons: Button at index {position} of type COPY_CODE requires a coupon_code"
            )
        return shown | {"code": code}
    return shown | ({"phone_number": button["phone_number"]} if kind == "PHONE_NUMBER" else {})
