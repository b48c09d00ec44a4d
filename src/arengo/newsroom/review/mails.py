# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""To who may say yes, when somebody asks; to who asked, when somebody has answered. A mail that cannot leave is not tried again: the
newsroom's home says the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

from arengo.accounts import mails
from arengo.core.links import organization_url
from arengo.newsroom.models import Update
from arengo.newsroom.review import standing
from arengo.newsroom.review.models import Review

MOST = 10  # mails of one question


@dataclass(frozen=True)
class ReviewAsked(mails.Mail):
    template = "newsroom/review/mail/asked.txt"
    review: Review
    update: Update
    link: str


@dataclass(frozen=True)
class ReviewAnswered(mails.Mail):
    template = "newsroom/review/mail/answered.txt"
    review: Review
    update: Update
    link: str
    approved: bool


def send_of(review_id: int) -> int:
    """How many left. None of a review that was discarded, or taken back."""
    found = Review.objects.select_related("update", "asked_by", "answered_by", "organization")
    review = found.filter(pk=review_id).first()
    if review is None or review.answer == Review.Answer.TAKEN_BACK:
        return 0
    update, organization = review.update, review.organization
    if review.answer == Review.Answer.WAITING:
        link = organization_url(organization, reverse("newsroom:review", args=[update.pk]))
        mail: mails.Mail = ReviewAsked(organization, review, update, link)
        people, subject = (
            standing.others(update, review)[:MOST],
            gettext_lazy("un aggiornamento aspetta il tuo sì"),
        )
    else:
        link = organization_url(organization, update.get_absolute_url())
        approved = review.answer == Review.Answer.APPROVED
        mail = ReviewAnswered(organization, review, update, link, approved)
        people = [review.asked_by]
        subject = (
            gettext_lazy("il tuo aggiornamento è approvato")
            if approved
            else gettext_lazy("il tuo aggiornamento è rimandato")
        )
    return sum(
        mails.send(mail, person.email, subject, language=person.language)
        for person in people
        if person.is_active
    )
