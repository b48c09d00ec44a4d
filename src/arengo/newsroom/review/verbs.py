# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for a second look, and answering.

Each verb locks the update, then the review; the log and the mail are of the same transaction.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from arengo.core import audit
from arengo.core.live import announce
from arengo.core.models import Membership, Person
from arengo.newsroom import writing
from arengo.newsroom.drafts import draft_of, kept_form
from arengo.newsroom.models import Update
from arengo.newsroom.review import standing
from arengo.newsroom.review.models import LONGEST_NOTE, LONGEST_REASON, Review
from arengo.newsroom.versions import keeping
from arengo.newsroom.writing import LIST_TOPIC, EditedMeanwhile, NoLongerDraft

JOB = "newsroom.mail_review"


class NotPossible(Exception):
    """Why it cannot be answered so, in words for who asked."""

    def __init__(self, words: str) -> None:
        super().__init__("the review cannot be answered")
        self.words = words


def ask(update_id: int, *, by: Person, version: int, note: str = "") -> Review:
    """One review of an update waits at a time: asked again, it is of the text of now. Raises EditedMeanwhile, NoLongerDraft."""
    with transaction.atomic():
        update = _draft(update_id, version)
        review = standing.waiting(update) or Review(organization_id=update.organization_id, update=update)
        _now_of(review, update)
        review.note, review.asked_by, review.asked_at = note[:LONGEST_NOTE], by, timezone.now()
        review.save()
        keeping.close(update)
        _tell("newsroom.asked_review", review, by)
    return review


def approve(review_id: int, *, by: Membership, version: int) -> Review:
    """``version``: the one that was read. Raises EditedMeanwhile, NoLongerDraft, NotPossible."""
    with transaction.atomic():
        review, update = _waiting(review_id, by, version)
        _now_of(review, update)
        review.answer, review.answered_by = Review.Answer.APPROVED, by.person
        review.answered_at = timezone.now()
        review.save()
        keeping.close(update)
        _tell("newsroom.approved", review, by.person)
    return review


def send_back(review_id: int, *, by: Membership, version: int, reason: str) -> Review:
    """Raises EditedMeanwhile, NoLongerDraft, NotPossible; also where no reason is given."""
    with transaction.atomic():
        review, update = _waiting(review_id, by, version)
        if not reason.strip():
            raise NotPossible(_("Scrivi che cosa va cambiato: chi l'ha scritto deve saperlo."))
        _now_of(review, update)
        review.answer, review.answered_by = Review.Answer.SENT_BACK, by.person
        review.answered_at, review.reason = timezone.now(), reason.strip()[:LONGEST_REASON]
        review.save()
        keeping.close(update)
        _tell("newsroom.sent_back", review, by.person)
    return review


def take_back(review_id: int, *, by: Person) -> None:
    """No answer is wanted any more. Nothing happens to a review that was answered."""
    with transaction.atomic():
        update = writing.locked(Review.objects.values_list("update_id", flat=True).get(pk=review_id))
        review = Review.objects.select_for_update(of=("self",), no_key=True).get(pk=review_id)
        if review.answer != Review.Answer.WAITING:
            return
        review.answer, review.answered_by = Review.Answer.TAKEN_BACK, by
        review.answered_at = timezone.now()
        review.save(update_fields=["answer", "answered_by", "answered_at"])
        audit.record("newsroom.took_back_review", organization=review.organization_id, by=by, on=update)
        announce(review.organization_id, update.topic, LIST_TOPIC)


class Voider:
    """Of ``saving.register``: a yes is to a text, and ends with it."""

    def before(self, update: Update) -> None:
        pass

    def after(self, update: Update, by: Person) -> None:
        approved = Review.objects.filter(update=update, answer=Review.Answer.APPROVED, voided_at=None)
        ended = approved.exclude(digest=standing.digest_of(update)) if approved.exists() else approved
        if ended.update(voided_at=timezone.now()):
            audit.record("newsroom.voided_approval", organization=update.organization_id, by=by, on=update)


def _draft(update_id: int, version: int) -> Update:
    update = writing.locked(update_id)
    if not update.is_draft:
        raise NoLongerDraft(update)
    if update.version != version:
        raise EditedMeanwhile(update)
    return update


def _waiting(review_id: int, by: Membership, version: int) -> tuple[Review, Update]:
    update = _draft(Review.objects.values_list("update_id", flat=True).get(pk=review_id), version)
    review = Review.objects.select_for_update(of=("self",), no_key=True).get(pk=review_id)
    if review.answer != Review.Answer.WAITING:
        raise NotPossible(
            _("Ha già avuto una risposta: %(answer)s.") % {"answer": review.get_answer_display()}
        )
    if not standing.may_answer(by, update, review):
        raise NotPossible(_("L'hai scritto tu, o non puoi approvare: serve il sì di un'altra persona."))
    return review, update


def _now_of(review: Review, update: Update) -> None:
    review.version, review.digest = update.version, standing.digest_of(update)
    review.content, review.picture = kept_form(draft_of(update)), update.image.name or ""


def _tell(verb: str, review: Review, by: Person) -> None:
    update = review.update
    audit.record(verb, organization=review.organization_id, by=by, on=update)
    announce(review.organization_id, update.topic, LIST_TOPIC)
    app.configure_task(JOB).defer(organization_id=review.organization_id, review_id=review.pk)
