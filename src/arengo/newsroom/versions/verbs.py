# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going back to a version."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from arengo.core import audit
from arengo.core.models import Person
from arengo.newsroom import writing
from arengo.newsroom.drafts import from_kept
from arengo.newsroom.models import Update
from arengo.newsroom.versions import keeping
from arengo.newsroom.versions.models import Version


def restore(wanted: Version, *, version: int, by: Person) -> Update:
    """The draft says again what ``wanted`` says. What it says now stays among the versions; the picture stays the present one.

    ``version``: the one that ``by`` saw last. Raises EditedMeanwhile, NoLongerDraft. Locks the update.
    """
    with transaction.atomic():
        update = writing.locked(wanted.update_id)
        keeping.close(update)
        draft = replace(from_kept(wanted.content), has_image=bool(update.image), kind=update.kind)
        saved = writing.save(update.pk, draft, version=version, by=by)
        Version.objects.filter(update=update, number=saved.version).update(
            taken_from=wanted.number, closed=True
        )
        audit.record(
            "newsroom.restored_version",
            organization=update.organization_id,
            by=by,
            on=update,
            detail={"version": wanted.number},
        )
    return saved
