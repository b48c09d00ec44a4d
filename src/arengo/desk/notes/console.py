# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The link «Menzioni» of the header."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core.console import header_links
from arengo.core.console.header_links import HeaderLink
from arengo.core.models import Role
from arengo.desk.notes.shown import unseen


def register() -> None:
    header_links.register(
        HeaderLink(
            "desk:mentions",
            "bell",
            _("Menzioni"),
            _("non lette"),
            (Role.OPERATOR,),
            order=10,
            count=unseen,
        )
    )
