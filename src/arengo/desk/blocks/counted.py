# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Warnings and blocks as figures count them. A block counts on the day on which it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _, ngettext

from arengo.desk import counted
from arengo.desk.blocks.models import Block, Reprimand
from arengo.desk.counted import Occurrence


def register() -> None:
    counted.register(
        Occurrence("warnings", _("Richiami"), _warnings, _warned),
        Occurrence("blocks", _("Blocchi"), _blocks, _blocked),
    )


def _warnings(count: int) -> str:
    return ngettext("richiamo inviato", "richiami inviati", count)


def _blocks(count: int) -> str:
    return ngettext("blocco cominciato", "blocchi cominciati", count)


def _warned(start: datetime, end: datetime) -> Iterable[int]:
    return Reprimand.objects.filter(at__gte=start, at__lt=end).values_list("conversation_id", flat=True)


def _blocked(start: datetime, end: datetime) -> Iterable[int]:
    begun = Block.objects.filter(begins_at__gte=start, begins_at__lt=end)
    return begun.values_list("conversation_id", flat=True)
