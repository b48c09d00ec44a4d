# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of this capability: its page below the tab, its panel on a citizen's card, what the overview points at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience import attention, panels
from arengo.audience.panels import Panel
from arengo.audience.renewals import views
from arengo.core.console import sections
from arengo.core.console.sections import Section
from arengo.core.models import Role


def register() -> None:
    sections.register(
        Section(
            "audience:subscribers",
            _("Conferme"),
            "audience:renewals",
            (Role.EDITOR, Role.AUDITOR),
            order=35,
        )
    )
    panels.register(Panel("audience_renewals/panel.html", 6, views.panel))
    attention.register(views.point)
