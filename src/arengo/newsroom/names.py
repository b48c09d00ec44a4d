# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The mailings of updates, by title, for the rooms below (delivery/naming.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from arengo.delivery.naming import Named
from arengo.newsroom.models import Placement


def mailings(fanout_ids: Collection[int]) -> Mapping[int, Named]:
    placements = Placement.objects.filter(fanout_id__in=fanout_ids).select_related("update")
    return {
        int(each.fanout_id): Named(str(each.update), each.update.get_absolute_url())
        for each in placements
        if each.fanout_id is not None
    }
