# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public channel, and the one on WhatsApp that a person fills by hand."""

from __future__ import annotations

from typing import Any

from arengo.channel import board
from arengo.channel.items import Item
from arengo.channel.models import Channel, Post
from arengo.core.models import Organization
from arengo.core.scope import organization_scope

CHANNEL = "https://whatsapp.com/channel/0029Esempio"
POST = f"{CHANNEL}/118"


def whatsapp_channel(title: str = "Canale") -> Channel:
    """The scope's organization has a channel on WhatsApp."""
    channel: Channel = Channel.objects.create(title=title, whatsapp_url=CHANNEL)
    return channel


def publish(organization: Organization, title: str = "Strada chiusa", **fields: Any) -> Post:
    """A post of one item on the public channel."""
    with organization_scope(organization):
        return board.publish_post(organization, key=title, title=title, items=[Item("Domani")], **fields)
