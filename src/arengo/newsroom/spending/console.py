# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of it: a page of the tab."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import sections
from arengo.core.console.sections import Section
from arengo.newsroom.spending.roles import LOOKERS

_TAB = "newsroom:updates"


def register() -> None:
    sections.register(Section(_TAB, _("Spesa"), "newsroom:spending", LOOKERS, order=90))
