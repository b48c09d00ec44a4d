# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The console's own tab: Impostazioni, where the rooms' pages are."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import tabs
from arengo.core.console.tabs import Tab
from arengo.core.models import Role


def register() -> None:
    tabs.register(
        Tab(
            _("Impostazioni"),
            "settings:home",
            "it-settings",
            (Role.ADMINISTRATOR, Role.AUDITOR),
            order=90,
        )
    )
