# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of versions. The objects are updates, which the newsroom describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs(
        {"newsroom.restored_version": _("ha ripreso una versione di prima di un aggiornamento")}
    )
    log_entries.details("newsroom", {"version": _("versione")})
