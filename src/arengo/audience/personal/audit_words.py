# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of personal pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries


def register() -> None:
    log_entries.verbs({"audience.sent_page": _("ha mandato a un cittadino la sua pagina personale")})
