# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Duplicating."""

from __future__ import annotations

from dataclasses import replace

from django.core.files.base import ContentFile
from django.db import transaction

from arengo.core import audit
from arengo.core.models import Person
from arengo.newsroom import writing
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.base import registry


def duplicate(update: Update, *, by: Person) -> Update:
    """A draft that says the same, to the same people, with a picture of its own. Outlets that are gone are left out."""
    draft = draft_of(update)
    image = _picture(update)
    outlets = tuple(outlet.key for outlet in registry.chosen(draft.outlets))
    draft = replace(draft, has_image=image is not None, outlets=outlets)
    with transaction.atomic():
        made = writing.create(update.organization, draft, by=by, image=image)
        audit.record(
            "newsroom.duplicated",
            organization=update.organization_id,
            by=by,
            on=made,
            detail={"copy_of": update.pk},
        )
    return made


def _picture(update: Update) -> ContentFile[bytes] | None:
    """None where there is none, or its file is gone."""
    if not update.image:
        return None
    try:
        with update.image.open("rb") as file:
            return ContentFile(file.read(), name=(update.image.name or "").rsplit("/", 1)[-1])
    except FileNotFoundError:
        return None
