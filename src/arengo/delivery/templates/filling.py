# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A template with its values: what is sent, and what the citizen reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arengo.delivery.models import MessageTemplate
from arengo.delivery.templates.components import Button, Reading, filled
from arengo.delivery.templates.presets import Preset
from arengo.platforms.contract import Parameter, Template, TemplateButton


@dataclass(frozen=True)
class Shown:
    """What a phone shows; ``header`` is its text, a photo stands for itself."""

    header: str
    photo: bool
    body: str
    footer: str
    buttons: tuple[Button, ...]

    @property
    def text(self) -> str:
        """Its words in one piece, as a log of the conversation keeps them."""
        labels = "\n".join(f"[{button.label}]" for button in self.buttons)
        return "\n\n".join(part for part in (self.header, self.body, self.footer, labels) if part)


def shown(components: object, values: Mapping[str, str], blank: str = "…") -> Shown:
    """``blank`` stands where a value is not there yet."""
    reading = Reading.of(components)
    return Shown(
        header=filled(reading.header, values, blank),
        photo=reading.photo,
        body=filled(reading.body, values, blank),
        footer=reading.footer,
        buttons=reading.buttons,
    )


def unfilled(components: object) -> Shown:
    """As the platform has it, variables and all."""
    reading = Reading.of(components)
    return Shown(reading.header, reading.photo, reading.body, reading.footer, reading.buttons)


def message(
    preset: Preset, template: MessageTemplate, values: Mapping[str, str], *, media_id: str = ""
) -> Template:
    """What is sent: the template as the platform has it, with our values. KeyError for a value that is not given.

    Ask ``fitting`` first: it says whether the template's fields are those of the preset.
    """
    reading = Reading.of(template.components)
    return Template(
        name=template.name,
        language=template.language,
        header_media_kind="image" if media_id else "",
        header_media_id=media_id,
        body=[Parameter(text=values[name], name=name) for name in reading.variables],
        buttons=[
            TemplateButton(index=index, kind="quick_reply", value=preset.choice(button.label, of=template))
            for index, button in enumerate(reading.buttons)
            if button.kind == "QUICK_REPLY"
        ],
    )
