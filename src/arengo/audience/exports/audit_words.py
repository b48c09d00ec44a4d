# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of exports of the list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_WHICH = {
    "everybody": _("tutti gli iscritti"),
    "left": _("tutti gli usciti"),
    "filtered": _("una parte, con i filtri"),
}


def register() -> None:
    log_entries.verbs({"audience.exported_list": _("ha esportato l’elenco delle persone")})
    log_entries.details("audience", {"which": _("quali"), "count": _("quante persone")})
    log_entries.values("audience", _WHICH)
