# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the newsroom's pages show of reviews: who waits for my yes, how a draft stands, the button that asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core.access import membership_of
from arengo.core.models import Membership
from arengo.core.screens import Screen
from arengo.newsroom.models import Update
from arengo.newsroom.parts import Mark, Part, Place
from arengo.newsroom.review import standing
from arengo.newsroom.review.models import Review
from arengo.newsroom.ways_out import WayOut

_MOST_SHOWN = 20


@dataclass(frozen=True)
class YourYes(Screen):
    reviews: Sequence[Review]


@dataclass(frozen=True)
class HowItStands(Screen):
    """``review``: the latest that says something of the draft as it is."""

    update: Update
    review: Review
    is_mine_to_answer: bool


def _waiting_for(member: Membership) -> QuerySet[Review]:
    found: QuerySet[Review] = Review.objects.filter(
        answer=Review.Answer.WAITING, update__state=Update.State.DRAFT
    ).exclude(asked_by=member.person_id)
    return found.exclude(update__author=member.person_id).exclude(update__edited_by=member.person_id)


def waiting_count(member: Membership) -> int:
    return _waiting_for(member).count() if member.has(*standing.REVIEWERS) else 0


def _your_yes(request: HttpRequest, update: Update | None) -> Screen | None:
    member = membership_of(request)
    if member is None or not member.has(*standing.REVIEWERS):
        return None
    reviews = _waiting_for(member).select_related("update", "asked_by").order_by("asked_at")
    found = list(reviews[:_MOST_SHOWN])
    return YourYes(found) if found else None


def _how_it_stands(request: HttpRequest, update: Update | None) -> Screen | None:
    if update is None:
        return None
    latest = Review.objects.filter(update=update).select_related("asked_by", "answered_by")
    review = latest.order_by("-asked_at", "-pk").first()
    if review is None or review.answer == Review.Answer.TAKEN_BACK:
        return None
    mine = review.answer == Review.Answer.WAITING and standing.may_answer(
        membership_of(request), update, review
    )
    return HowItStands(update, review, mine)


def marks(drafts: Collection[int]) -> Mapping[int, Mark]:
    """Of the latest review of each."""
    latest = Review.objects.filter(update__in=drafts).order_by("update_id", "-asked_at", "-pk")
    found: dict[int, Mark] = {}
    for review in latest.distinct("update_id").only("update_id", "answer", "voided_at"):
        mark = _mark(review)
        if mark is not None:
            found[review.update_id] = mark
    return found


def _mark(review: Review) -> Mark | None:
    if review.counts:
        return Mark("success", _("Approvato"))
    if review.answer == Review.Answer.APPROVED:
        return Mark("warning", _("Cambiato dopo il sì"))
    if review.answer == Review.Answer.WAITING:
        return Mark("info", _("In revisione"))
    return Mark("warning", _("Rimandato")) if review.answer == Review.Answer.SENT_BACK else None


def _needs_a_yes(update: Update | None) -> bool:
    if not standing.wants_four_eyes():
        return False
    return update is None or (standing.waiting(update) is None and standing.approval(update) is None)


PARTS = (
    Part("review.home", Place.HOME, "newsroom/review/your_yes.html", 10, _your_yes),
    Part("review.editor", Place.EDITOR, "newsroom/review/stands.html", 10, _how_it_stands),
)
WAY = WayOut(
    "review",
    gettext_lazy("Manda in revisione"),
    "user",
    "newsroom:review",
    order=20,
    is_offered=lambda update: update is None or standing.waiting(update) is None,
    is_first=_needs_a_yes,
)
