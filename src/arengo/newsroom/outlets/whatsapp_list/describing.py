# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our mailings said, for the rooms below: a citizen quotes an update, and the operator reads which."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from arengo.delivery.sending.announced import Announced
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Placement
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Shows
from arengo.newsroom.outlets.whatsapp_list import KEY
from arengo.newsroom.roles import WRITERS


def describe(fanouts: Collection[int]) -> dict[int, Announced]:
    """A few queries, however many. For all: a copy that everybody may read, or the official page that the update names."""
    placements = list(
        Placement.objects.filter(outlet=KEY, reference__in=[str(pk) for pk in fanouts])
        .select_related("update")
        .prefetch_related("update__items", "update__placements")
    )
    pages = _pages([each for one in placements for each in one.update.placements.all()])
    said = {}
    for placement in placements:
        update = placement.update
        items = kinds.as_lines(draft_of(update)).items
        official = [item.url for item in items if item.url.startswith(("https://", "http://"))]
        said[int(placement.reference)] = Announced(
            title=str(update),
            words="\n".join(item.text for item in items if item.text),
            at=update.sent_at or update.created_at,
            href=pages.get(update.pk) or next(iter(official), ""),
            staff_href=reverse("newsroom:update", args=[update.pk]),
            staff_roles=tuple(WRITERS),
        )
    return said


def _pages(placements: Collection[Placement]) -> dict[int, str]:
    """Update → where everybody may read it: at the first of the outlets that show it."""
    by_id = {each.pk: each.update_id for each in placements}
    found: dict[int, str] = {}
    for outlet in registry.outlets():
        if isinstance(outlet, Shows):
            mine = [each for each in placements if each.outlet == outlet.key and each.reference]
            for pk, url in (outlet.pages(mine) if mine else {}).items():
                found.setdefault(by_id[pk], url)
    return found
