# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Recapiti» on the card of somebody who linked two chats: where they receive, and the card of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from arengo.audience import panels, people
from arengo.audience.linking import verbs
from arengo.audience.models import Contact, Identity
from arengo.audience.panels import Panel
from arengo.core import clean_text
from arengo.core.access import membership_of
from arengo.core.models import Role
from arengo.core.screens import Screen

MAY_CHANGE = (Role.EDITOR, Role.OPERATOR)


@dataclass(frozen=True)
class Way:
    """One address. ``name``: what is shown of it; "" where it shows nothing. ``own``: it is of the card, or of the page, that is open."""

    identity: Identity
    name: str
    preferred: bool
    own: bool


@dataclass(frozen=True)
class Linked:
    pk: int
    at: datetime
    ways: Sequence[Way]


@dataclass(frozen=True)
class WaysPanel(Screen):
    contact: Contact
    links: Sequence[Linked]
    may_change: bool


def _make(request: HttpRequest, contact: Contact) -> WaysPanel | None:
    membership = membership_of(request)
    found = verbs.of_contact(contact.pk)
    if not found:
        return None
    return WaysPanel(
        contact,
        [
            Linked(
                link.pk,
                link.at,
                [
                    way_of(one, preferred=one is link.preferred, own=one.contact_id == contact.pk)
                    for one in (link.preferred, link.other)
                ],
            )
            for link in found
        ],
        may_change=membership is not None and membership.has(*MAY_CHANGE),
    )


def way_of(identity: Identity, *, preferred: bool, own: bool) -> Way:
    """The number is masked: whole it is seen on its own card, and the log says who saw it."""
    username = clean_text.name(identity.username)
    shown = people.masked_phone(identity) or (f"@{username}" if username else "")
    return Way(identity, shown, preferred, own)


def register() -> None:
    panels.register(Panel("audience_linking/panel.html", 4, _make))
