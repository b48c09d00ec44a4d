# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the phone will show. Made of the template's own parts, so that it is the truth."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.newsroom.checking import BODY, length
from arengo.newsroom.drafts import Draft
from arengo.newsroom.templates import (
    LANGUAGE,
    Components,
    built_in_for,
    components_of,
    filled,
    part_of,
    values_of,
)


@dataclass(frozen=True)
class Button:
    label: str
    icon: str


@dataclass(frozen=True)
class Phone:
    """``used`` of ``limit``: the characters of the body, the template's own words included."""

    body: str
    footer: str
    buttons: list[Button]
    used: int
    limit: int = BODY


def preview(draft: Draft, organization: Organization, sender: Sender | None) -> Phone:
    """With the template as the platform has it; with ours as it would be created, if it is not there yet."""
    built_in = built_in_for(draft)
    template = (
        MessageTemplate.objects.filter(sender=sender, name=built_in.name, language=LANGUAGE).first()
        if sender
        else None
    )
    components = template.components if template else components_of(built_in, organization)
    return _shown(draft, components)


def _shown(draft: Draft, components: Components) -> Phone:
    text = str(part_of(components, "BODY").get("text", ""))
    values = values_of(draft)
    return Phone(
        body=filled(text, values),
        footer=str(part_of(components, "FOOTER").get("text", "")),
        buttons=[
            Button(str(button.get("text", "")), "reply")
            for button in part_of(components, "BUTTONS").get("buttons", [])
        ],
        used=length(filled(text, values, blank="")),
    )
