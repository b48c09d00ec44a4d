# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting updates away, and taking them out again. Nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.core.screens import Screen
from arengo.newsroom import writing
from arengo.newsroom.gates import Shut
from arengo.newsroom.listing import still_leaving
from arengo.newsroom.models import Update
from arengo.newsroom.writing import LIST_TOPIC


class StillLeaving(Exception):
    """It is on its way, and stays in its list: there it can be stopped."""


def put_away(update_id: int, *, by: Person) -> None:
    """The same again changes nothing. Raises StillLeaving. Locks the update."""
    with transaction.atomic():
        update = writing.locked(update_id)
        if update.archived_at is not None:
            return
        if Update.objects.filter(still_leaving(), pk=update_id).exists():
            raise StillLeaving
        update.archived_at = timezone.now()
        update.save(update_fields=["archived_at"])
        audit.record("newsroom.put_away", organization=update.organization_id, by=by, on=update)
        announce(update.organization_id, update.topic, LIST_TOPIC)


def take_out(update_id: int, *, by: Person) -> None:
    with transaction.atomic():
        update = writing.locked(update_id)
        if update.archived_at is None:
            return
        update.archived_at = None
        update.save(update_fields=["archived_at"])
        audit.record("newsroom.took_out", organization=update.organization_id, by=by, on=update)
        announce(update.organization_id, update.topic, LIST_TOPIC)


@dataclass(frozen=True)
class PutAway(Screen):
    update: Update


def put_away_stays(update: Update, by: Person) -> Shut | None:
    """Of ``gates.register``: what was put away does not go out by mistake, nor because it was planned before."""
    if update.archived_at is None:
        return None
    words = _("È in archivio: rimettilo fra le bozze prima di inviarlo.")
    return Shut(words, "newsroom/archive/gate.html", PutAway(update))
