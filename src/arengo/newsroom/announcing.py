# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our mailings said, for the rooms below: a citizen quotes an update, and the operator reads which."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from arengo.core.models import Role
from arengo.delivery.announced import Announced
from arengo.newsroom.models import Placement

WRITERS = (Role.EDITOR, Role.APPROVER)


def describe(fanouts: Collection[int]) -> dict[int, Announced]:
    """Two queries, however many. For all: the update on the public channel, or the official page that it names."""
    placements = (
        Placement.objects.filter(fanout_id__in=list(fanouts))
        .select_related("update")
        .prefetch_related("update__items", "update__placements__post")
    )
    return {placement.fanout_id: _announced(placement) for placement in placements if placement.fanout_id}


def _announced(placement: Placement) -> Announced:
    update = placement.update
    items = list(update.items.all())
    posts = [each.post for each in update.placements.all() if each.post and not each.post.withdrawn_at]
    pages = [item.url for item in items if item.url.startswith(("https://", "http://"))]
    return Announced(
        title=str(update),
        words="\n".join(item.text for item in items if item.text),
        at=update.sent_at or update.created_at,
        href=posts[0].get_absolute_url() if posts else next(iter(pages), ""),
        staff_href=reverse("newsroom:update", args=[update.pk]),
        staff_roles=tuple(WRITERS),
    )
