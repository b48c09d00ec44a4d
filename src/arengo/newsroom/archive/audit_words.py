# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of the archive. The objects are updates, which the newsroom describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.put_away": _("ha archiviato un aggiornamento"),
    "newsroom.took_out": _("ha tolto un aggiornamento dall’archivio"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
