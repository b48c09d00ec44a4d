# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of periods."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs(
        {
            "core.shortened_retention": _("ha accorciato un tempo di conservazione, fra tre giorni"),
            "core.lengthened_retention": _("ha allungato un tempo di conservazione"),
            "core.took_back_retention": _("ha ripensato a un tempo di conservazione più corto"),
        }
    )
    log_entries.details("core", {"days_before": _("prima, giorni"), "days_after": _("dopo, giorni")})
