# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people that may say yes to an update, and whether one of them has."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec
from django.db.models import QuerySet

from arengo.core.models import Membership, Person, Role
from arengo.newsroom.drafts import draft_of, kept_form
from arengo.newsroom.models import Update
from arengo.newsroom.review.models import Review, ReviewRule

REVIEWERS = (Role.APPROVER, Role.ADMINISTRATOR)


def wants_four_eyes() -> bool:
    """Of the scope's organization."""
    found: bool | None = ReviewRule.objects.values_list("four_eyes", flat=True).first()
    return bool(found)


def digest_of(update: Update) -> str:
    """Of all that it says: two texts with the same one are the same."""
    said = [kept_form(draft_of(update)), update.image.name or ""]
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def waiting(update: Update) -> Review | None:
    found: Review | None = (
        Review.objects.filter(update=update, answer=Review.Answer.WAITING)
        .select_related("asked_by", "answered_by")
        .first()
    )
    return found


def approval(update: Update) -> Review | None:
    """The yes that counts for what the update says now."""
    approved = Review.objects.filter(
        update=update, answer=Review.Answer.APPROVED, voided_at=None, digest=digest_of(update)
    )
    found: Review | None = approved.select_related("answered_by").order_by("-asked_at").first()
    return found


def writers_of(update: Update, review: Review | None = None) -> set[int]:
    """The people whose text it is: they began it, changed it last, or asked for the review."""
    return {update.author_id, update.edited_by_id, *([review.asked_by_id] if review else [])}


def reviewers() -> QuerySet[Membership]:
    found: QuerySet[Membership] = (
        Membership.objects.filter(roles__overlap=[*REVIEWERS], person__is_active=True)
        .select_related("person")
        .order_by("person__name", "person_id")
    )
    return found


def others(update: Update, review: Review | None = None) -> Sequence[Person]:
    """The people that can say yes to it."""
    own = writers_of(update, review)
    return [one.person for one in reviewers() if one.person_id not in own]


def may_answer(member: Membership | None, update: Update, review: Review | None = None) -> bool:
    return (
        member is not None and member.has(*REVIEWERS) and member.person_id not in writers_of(update, review)
    )
