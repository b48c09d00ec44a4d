# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commenting. Each verb locks the update, so that the number of comments stays within its bound."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.newsroom import writing
from arengo.newsroom.comments.models import LONGEST, MOST, Comment
from arengo.newsroom.writing import LIST_TOPIC


class Refused(Exception):
    """Why, in words for who wrote."""

    def __init__(self, words: str) -> None:
        super().__init__("the comment was not taken")
        self.words = words


def comment(update_id: int, text: str, *, by: Person, about: str = "") -> Comment:
    """Raises Refused: nothing was written, or there are too many."""
    with transaction.atomic():
        update = writing.locked(update_id)
        if not text.strip():
            raise Refused(_("Scrivi il commento."))
        if Comment.objects.filter(update=update).count() >= MOST:
            words = _("Ci sono già %(n)d commenti: togline qualcuno, o parlatene a voce.")
            raise Refused(words % {"n": MOST})
        made: Comment = Comment.objects.create(
            organization_id=update.organization_id,
            update=update,
            about=about,
            text=text.strip()[:LONGEST],
            by=by,
            at=timezone.now(),
        )
        announce(update.organization_id, update.topic, LIST_TOPIC)
    return made


def settle(comment_id: int, *, by: Person, settled: bool) -> None:
    """«Risolto», or not so after all. The same again changes nothing."""
    with transaction.atomic():
        found = _locked(comment_id)
        if (found.settled_at is not None) == settled:
            return
        found.settled_at, found.settled_by = (timezone.now(), by) if settled else (None, None)
        found.save(update_fields=["settled_at", "settled_by"])
        announce(found.organization_id, found.update.topic, LIST_TOPIC)


def remove(comment_id: int, *, by: Person) -> None:
    with transaction.atomic():
        found = _locked(comment_id)
        audit.record("newsroom.removed_comment", organization=found.organization_id, by=by, on=found.update)
        announce(found.organization_id, found.update.topic, LIST_TOPIC)
        found.delete()


def _locked(comment_id: int) -> Comment:
    writing.locked(Comment.objects.values_list("update_id", flat=True).get(pk=comment_id))
    found: Comment = Comment.objects.select_related("update").get(pk=comment_id)
    return found
