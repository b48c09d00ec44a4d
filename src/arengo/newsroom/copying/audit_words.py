# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of duplicating."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs({"newsroom.duplicated": _("ha duplicato un aggiornamento")})
    log_entries.details("newsroom", {"copy_of": _("copia di")})
