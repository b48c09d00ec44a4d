# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of it: the requests that wait, under Iscritti."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import sections
from arengo.core.console.sections import Section
from arengo.core.models import Role


def register() -> None:
    sections.register(
        Section(
            "audience:subscribers",
            _("Richieste"),
            "audience:requests",
            (Role.ADMINISTRATOR, Role.AUDITOR),
            order=45,
        )
    )
