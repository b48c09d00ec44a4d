# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the phone will show. Made of the template's own parts, so that it is the truth."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.core.lengths import Limit
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from arengo.delivery.templates.components import filled, part_of
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.outlets.whatsapp_list.carrying import longest_text, plain_text
from arengo.platforms.registry import common_limits, platform, usual


@dataclass(frozen=True)
class Button:
    label: str
    icon: str


@dataclass(frozen=True)
class Phone:
    """``used`` of ``limit``: the length of the body, the template's own words included. ``platform``: its name on screen."""

    body: str
    footer: str
    buttons: list[Button]
    used: int
    limit: Limit
    platform: str


def preview(kind: Kind, draft: Draft, organization: Organization, sender: Sender | None) -> Phone:
    """With the template as the platform has it; with ours as it would be created, if it is not there yet."""
    speaks = platform(sender.platform if sender else usual())
    if not speaks.can.needs_templates:  # the text is all there is
        limit = longest_text(draft, speaks)
        return Phone(
            body=plain_text(kind, draft, blank="…"),
            footer="",
            buttons=[],
            used=limit.used(plain_text(kind, draft)),
            limit=limit,
            platform=speaks.words.name,
        )
    components, name = kind.components(draft, organization, sender), speaks.words.name
    limit = (speaks.limits if sender else common_limits()).template_body
    text = str(part_of(components, "BODY").get("text", ""))
    values = dict(kind.values(draft))
    return Phone(
        body=filled(text, values),
        footer=str(part_of(components, "FOOTER").get("text", "")),
        buttons=[
            Button(str(button.get("text", "")), "reply")
            for button in part_of(components, "BUTTONS").get("buttons", [])
        ],
        used=limit.used(filled(text, values, blank="")),
        limit=limit,
        platform=name,
    )
