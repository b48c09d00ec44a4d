# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of a template, as the platform writes them down: made of a preset, and read.

What comes from the platform may have any shape; what is not as expected reads as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arengo.core.models import Organization
from arengo.delivery.templates.presets import Preset

Components = list[dict[str, Any]]

_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True)
class Button:
    """``kind`` is the platform's: QUICK_REPLY, URL …"""

    label: str
    kind: str

    @property
    def icon(self) -> str:
        return "link" if self.kind == "URL" else "reply"


@dataclass(frozen=True)
class Reading:
    """What a template says. Two that read the same are the same to citizens."""

    photo: bool
    header: str
    body: str
    footer: str
    buttons: tuple[Button, ...]

    @classmethod
    def of(cls, components: object) -> Reading:
        header = part_of(components, "HEADER")
        return cls(
            photo=header.get("format") == "IMAGE",
            header=_text(header),
            body=_text(part_of(components, "BODY")),
            footer=_text(part_of(components, "FOOTER")),
            buttons=tuple(
                Button(_text(button), str(button.get("type", "")).upper()) for button in _buttons(components)
            ),
        )

    @property
    def variables(self) -> list[str]:
        """Of the body, each once, in their order."""
        return list(dict.fromkeys(_VARIABLE.findall(self.body)))

    def says_as(self, other: Reading) -> bool:
        """Blanks apart: the platform may store them otherwise."""
        return self._plain() == other._plain()

    def _plain(self) -> tuple[object, ...]:
        texts = [" ".join(text.split()) for text in (self.header, self.body, self.footer)]
        return (self.photo, *texts, *((" ".join(each.label.split()), each.kind) for each in self.buttons))


def part_of(components: object, kind: str) -> dict[str, Any]:
    """HEADER, BODY, FOOTER or BUTTONS; empty when there is none."""
    for part in components if isinstance(components, list) else ():
        if isinstance(part, dict) and str(part.get("type", "")).upper() == kind:
            return part
    return {}


def _buttons(components: object) -> list[dict[str, Any]]:
    found = part_of(components, "BUTTONS").get("buttons")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _text(part: Mapping[str, Any]) -> str:
    text = part.get("text")
    return text if isinstance(text, str) else ""


def filled(text: str, values: Mapping[str, str], blank: str = "…") -> str:
    """A part's text with its values; ``blank`` where there is none yet."""
    return _VARIABLE.sub(lambda found: values.get(found.group(1)) or blank, text)


def components_of(preset: Preset, organization: Organization, *, handle: str = "") -> Components:
    """As the platform wants them. ``handle``: the example image that it already holds (of presets with a photo)."""
    words = preset.words(organization)
    body: dict[str, Any] = {"type": "BODY", "text": words.body}
    if preset.examples:
        named = [{"param_name": name, "example": example} for name, example in preset.examples.items()]
        body["example"] = {"body_text_named_params": named}
    components: Components = [body]
    if words.footer:
        components.append({"type": "FOOTER", "text": words.footer})
    if words.replies:
        replies = [{"type": "QUICK_REPLY", "text": label} for label in words.replies]
        components.append({"type": "BUTTONS", "buttons": replies})
    if preset.photo:
        header: dict[str, Any] = {"type": "HEADER", "format": "IMAGE"}
        if handle:
            header["example"] = {"header_handle": [handle]}
        components.insert(0, header)
    return components


def definition(preset: Preset, organization: Organization, *, handle: str = "") -> dict[str, Any]:
    return {
        "name": preset.name,
        "language": preset.language,
        "category": preset.category.value,
        "parameter_format": "named",
        "components": components_of(preset, organization, handle=handle),
    }
