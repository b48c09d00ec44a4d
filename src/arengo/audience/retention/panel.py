# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""On a citizen's card: that their data are held, why, and the way to hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from arengo.audience import panels
from arengo.audience.models import Contact
from arengo.audience.panels import Panel
from arengo.audience.retention import holding
from arengo.audience.retention.models import Hold
from arengo.core.access import membership_of
from arengo.core.models import Role
from arengo.core.screens import Screen


@dataclass(frozen=True)
class HoldPanel(Screen):
    """``may_read``: why; ``may_edit``: place and release."""

    contact: Contact
    holds: Sequence[Hold]
    may_read: bool
    may_edit: bool


def _make(request: HttpRequest, contact: Contact) -> HoldPanel | None:
    membership = membership_of(request)
    may_edit = membership is not None and membership.has(Role.ADMINISTRATOR)
    may_read = membership is not None and membership.has(Role.ADMINISTRATOR, Role.AUDITOR)
    found = holding.standing(contact)
    return HoldPanel(contact, found, may_read, may_edit) if found or may_edit else None


def register() -> None:
    panels.register(Panel("audience_retention/panel.html", 20, _make, aside=True))
