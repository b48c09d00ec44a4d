# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this room: its tab."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import sections, tabs
from arengo.core.console.sections import Section
from arengo.core.console.tabs import Tab
from arengo.core.models import Role
from arengo.newsroom.waiting import waiting_count


def register() -> None:
    sections.register(
        Section(
            "newsroom:updates",
            _("Aggiornamenti"),
            "newsroom:updates",
            (Role.EDITOR, Role.APPROVER),
            order=10,
        )
    )
    tabs.register(
        Tab(
            _("Redazione"),
            "newsroom:updates",
            "it-pencil",
            (Role.EDITOR, Role.APPROVER),
            order=20,
            count=waiting_count,
        )
    )
