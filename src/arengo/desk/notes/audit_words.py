# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of notes. The objects are conversations, which the desk describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "desk.noted": _("ha scritto una nota interna"),
    "desk.removed_note": _("ha tolto una nota interna"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
