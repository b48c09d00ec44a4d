# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Redirects as figures count them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.desk import counted
from arengo.desk.counted import Occurrence
from arengo.desk.redirects.models import Redirected


def register() -> None:
    counted.register(Occurrence("redirects", _("Rimandi"), _words, _between))


def _words(count: int) -> str:
    return ngettext("rimando alle segnalazioni", "rimandi alle segnalazioni", count)


def _between(start: datetime, end: datetime) -> Iterable[int]:
    return Redirected.objects.filter(at__gte=start, at__lt=end).values_list("conversation_id", flat=True)
