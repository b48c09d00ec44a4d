# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of requests for a number."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs({"desk.asked_number": _("ha chiesto il numero di telefono a un cittadino")})
