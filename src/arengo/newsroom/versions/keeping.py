# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping each version, and not too many of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from arengo.core.models import Person
from arengo.newsroom.drafts import draft_of, kept_form
from arengo.newsroom.models import Update
from arengo.newsroom.versions.models import Version

TOGETHER = timedelta(minutes=5)  # one person's saves within it are one version
MOST = 60  # of one update; beyond it those that stand closest to the one before them go
_NEWEST = 10  # of them stay in any case


class Keeper:
    """Of ``saving.register``."""

    def before(self, update: Update) -> None:
        """A draft that is older than the versions: what it said is the first of them."""
        if not Version.objects.filter(update=update).exists():
            _keep(update, update.edited_by_id, update.edited_at, closed=True)

    def after(self, update: Update, by: Person) -> None:
        last = Version.objects.filter(update=update).order_by("-number").first()
        now = timezone.now()
        if last is not None and not last.closed and last.by_id == by.pk and now - last.began_at < TOGETHER:
            last.number, last.at, last.taken_from = update.version, now, None
            last.content, last.picture = kept_form(draft_of(update)), update.image.name or ""
            last.save(update_fields=["number", "at", "content", "picture", "taken_from"])
            return
        _keep(update, by.pk, now)
        _thin_out(update)


def _keep(update: Update, by_id: int, at: datetime, *, closed: bool = False) -> None:
    Version.objects.create(
        organization_id=update.organization_id,
        update=update,
        number=update.version,
        by_id=by_id,
        began_at=at,
        at=at,
        content=kept_form(draft_of(update)),
        picture=update.image.name or "",
        closed=closed,
    )


def close(update: Update) -> None:
    """What is saved from now on is another version than what stands here now. In the caller's transaction, which holds the update."""
    newest = Version.objects.filter(update=update).order_by("-number").values("pk")[:1]
    Version.objects.filter(pk__in=newest).update(closed=True)


def _thin_out(update: Update) -> None:
    kept = list(Version.objects.filter(update=update).order_by("number").values_list("pk", "at", "closed"))
    while len(kept) > MOST:
        place = _least_missed(kept)
        Version.objects.filter(pk=kept[place][0]).delete()
        del kept[place]


def _least_missed(kept: Sequence[tuple[int, datetime, bool]]) -> int:
    """Never the first, nor the newest ones; what somebody read only where nothing else is left."""
    places = range(1, len(kept) - _NEWEST)
    free = [place for place in places if not kept[place][2]] or list(places)
    return min(free, key=lambda place: kept[place][1] - kept[place - 1][1])
