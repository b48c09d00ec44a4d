# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Its page among those of Iscritti."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import sections
from arengo.core.console.sections import Section
from arengo.core.models import Role


def register() -> None:
    sections.register(
        Section("audience:subscribers", _("Prove"), "audience:inspections", (Role.ADMINISTRATOR,), order=60)
    )
