# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second look: asked for, given, and required where the organization wants four eyes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from arengo.core.models import AuditEntry, Membership, Organization, Person, Role
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Update
from arengo.newsroom.review import jobs, mails, standing, verbs
from arengo.newsroom.review.models import Review, ReviewRule
from tests.factories.core import member
from tests.factories.newsroom import draft, publish, sample_image

Write = Callable[..., Update]


@pytest.fixture
def four_eyes(town: Organization) -> None:
    ReviewRule.objects.create(organization=town, four_eyes=True)


def of(person: Person) -> Membership:
    found: Membership = Membership.objects.get(person=person)
    return found


def asked(update: Update, edo: Person, note: str = "") -> Review:
    return verbs.ask(update.pk, by=edo, version=Update.objects.get(pk=update.pk).version, note=note)


def fresh(update: Update) -> Update:
    found: Update = Update.objects.get(pk=update.pk)
    return found


def test_without_the_rule_nobody_has_to_ask(town: Organization, write: Write, edo: Person) -> None:
    publish(town, write(), edo)
    assert Update.objects.get().state == Update.State.SENDING


@pytest.mark.usefixtures("four_eyes")
def test_with_four_eyes_nothing_goes_without_a_yes(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    update = write()
    for who in (edo, ada):
        with pytest.raises(publishing.NotReady) as refused:
            publish(town, update, who)
        assert [bool(each.words) for each in refused.value.shut] == [True]
    review = asked(update, edo)
    with pytest.raises(publishing.NotReady):
        publish(town, update, edo)
    verbs.approve(review.pk, by=of(ada), version=1)
    publish(town, update, edo)
    assert Update.objects.get().state == Update.State.SENDING


@pytest.mark.usefixtures("four_eyes")
def test_who_sends_their_own_is_told_whose_yes_it_wants(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    with pytest.raises(publishing.NotReady) as refused:
        publish(town, write(), edo)
    [shut] = refused.value.shut
    words = shut.words.replace("\u2068", "").replace("\u2069", "")
    assert words == "L'hai scritto tu: serve il sì di un'altra persona (Ada Esempio)."


@pytest.mark.usefixtures("four_eyes")
def test_where_nobody_else_can_say_yes_that_is_said(town: Organization, write: Write, edo: Person) -> None:
    Membership.objects.exclude(person=edo).update(roles=[Role.EDITOR])
    with pytest.raises(publishing.NotReady) as refused:
        publish(town, write(), edo)
    assert "nessun'altra può darlo" in refused.value.shut[0].words


def test_nobody_approves_their_own_text(town: Organization, write: Write, edo: Person, ada: Person) -> None:
    update = write()
    Membership.objects.filter(person=edo).update(roles=[Role.ADMINISTRATOR])
    review = asked(update, edo)
    with pytest.raises(verbs.NotPossible):
        verbs.approve(review.pk, by=of(edo), version=1)
    changed = writing.save(update.pk, draft(title="Corretto da Ada"), version=1, by=ada)
    with pytest.raises(verbs.NotPossible):  # now it is Ada's too
        verbs.approve(review.pk, by=of(ada), version=changed.version)


def test_an_editor_cannot_say_yes(town: Organization, write: Write, edo: Person) -> None:
    other = member(town, "ettore@esempio.test", "Ettore Esempio", Role.EDITOR)
    review = asked(write(), edo)
    with pytest.raises(verbs.NotPossible):
        verbs.approve(review.pk, by=of(other), version=1)


@pytest.mark.usefixtures("four_eyes")
def test_a_change_after_the_yes_ends_it(town: Organization, write: Write, edo: Person, ada: Person) -> None:
    update = write()
    verbs.approve(asked(update, edo).pk, by=of(ada), version=1)
    writing.save(update.pk, draft(title="Altro titolo"), version=1, by=edo)
    assert Review.objects.get().voided_at is not None
    assert AuditEntry.objects.filter(verb="newsroom.voided_approval").count() == 1
    with pytest.raises(publishing.NotReady):
        publish(town, fresh(update), edo)


@pytest.mark.usefixtures("four_eyes")
def test_saving_the_same_words_does_not(town: Organization, write: Write, edo: Person, ada: Person) -> None:
    update = write()
    verbs.approve(asked(update, edo).pk, by=of(ada), version=1)
    writing.save(update.pk, draft(), version=1, by=edo)
    publish(town, fresh(update), edo)


@pytest.mark.usefixtures("four_eyes")
def test_a_text_that_changed_on_any_other_way_has_no_yes(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    update = write()
    verbs.approve(asked(update, edo).pk, by=of(ada), version=1)
    Update.objects.update(title="Non è passato da chi salva")
    with pytest.raises(publishing.NotReady):
        publish(town, fresh(update), edo)


@pytest.mark.usefixtures("four_eyes")
def test_another_picture_is_another_text(town: Organization, write: Write, edo: Person, ada: Person) -> None:
    update = write(photo=True)
    verbs.approve(asked(update, edo).pk, by=of(ada), version=1)
    same_words = draft(has_image=True, image_alt=update.image_alt)
    writing.save(update.pk, same_words, version=1, by=edo, image=sample_image())
    assert standing.approval(fresh(update)) is None


def test_who_read_an_older_text_must_read_again(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    update = write()
    review = asked(update, edo)
    writing.save(update.pk, draft(title="Altro titolo"), version=1, by=edo)
    with pytest.raises(writing.EditedMeanwhile):
        verbs.approve(review.pk, by=of(ada), version=1)
    verbs.approve(review.pk, by=of(ada), version=2)


def test_sending_back_needs_words(town: Organization, write: Write, edo: Person, ada: Person) -> None:
    review = asked(write(), edo)
    with pytest.raises(verbs.NotPossible):
        verbs.send_back(review.pk, by=of(ada), version=1, reason="  ")
    verbs.send_back(review.pk, by=of(ada), version=1, reason="Manca il giorno.")
    review.refresh_from_db()
    assert (review.answer, review.reason, review.answered_by) == ("sent_back", "Manca il giorno.", ada)


def test_one_review_of_a_draft_waits_at_a_time(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    first = asked(update, edo, "Guarda l'orario.")
    writing.save(update.pk, draft(title="Altro titolo"), version=1, by=edo)
    again = asked(update, edo, "Corretto.")
    assert (again.pk, again.version, again.note) == (first.pk, 2, "Corretto.")


def test_an_answer_is_given_once(town: Organization, write: Write, edo: Person, ada: Person) -> None:
    review = asked(write(), edo)
    verbs.approve(review.pk, by=of(ada), version=1)
    with pytest.raises(verbs.NotPossible):
        verbs.send_back(review.pk, by=of(ada), version=1, reason="Ci ho ripensato.")
    verbs.take_back(review.pk, by=edo)
    assert Review.objects.get().answer == Review.Answer.APPROVED


def test_the_log_says_who_asked_and_who_answered(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    verbs.send_back(asked(write(), edo).pk, by=of(ada), version=1, reason="Da accorciare.")
    verbs.take_back(asked(Update.objects.get(), edo).pk, by=edo)
    found = AuditEntry.objects.filter(verb__contains="re").order_by("pk").values_list("verb", "person_id")
    assert [entry for entry in found if entry[0] != "newsroom.drafted"] == [
        ("newsroom.asked_review", edo.pk),
        ("newsroom.asked_review", edo.pk),
        ("newsroom.took_back_review", edo.pk),
    ]
    assert AuditEntry.objects.get(verb="newsroom.sent_back").person == ada


# --- mails ----------------------------------------------------------------------------------------------------


def test_the_question_goes_to_who_can_say_yes_and_to_no_more_than_a_few(
    town: Organization, write: Write, edo: Person, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MOST", 3)
    for number in range(5):
        member(town, f"sì{number}@esempio.test", f"Zeno {number}", Role.APPROVER)
    review = asked(write(title="Il mercato"), edo, "Guarda l'orario.")
    assert mails.send_of(review.pk) == 3
    addresses = [message.to for message in mail.outbox]
    assert ["edo@esempio.test"] not in addresses
    assert len(addresses) == 3
    body = mail.outbox[0].body.replace("\u2068", "").replace("\u2069", "")
    assert "Edo Esempio chiede il tuo sì per «Il mercato»." in body
    assert "Guarda l'orario." in body
    assert f"/console/redazione/{review.update_id}/revisione/" in body


def test_the_answer_goes_to_who_asked_with_the_reason(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    review = verbs.send_back(asked(write(), edo).pk, by=of(ada), version=1, reason="Manca il giorno.")
    assert mails.send_of(review.pk) == 1
    [message] = mail.outbox
    assert message.to == [edo.email]
    assert "Manca il giorno." in message.body


def test_each_question_and_answer_defers_one_job_that_mails(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    review = asked(write(), edo)
    verbs.approve(review.pk, by=of(ada), version=1)
    deferred = ProcrastinateJob.objects.filter(task_name=verbs.JOB, args__review_id=review.pk)
    assert deferred.count() == 2
    jobs.mail_review(**deferred.first().args)  # of the question, when it has been answered meanwhile
    [message] = mail.outbox
    assert message.to == [edo.email]
    assert "ha approvato" in message.body


def test_what_was_taken_back_or_discarded_mails_nobody(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    review = asked(update, edo)
    verbs.take_back(review.pk, by=edo)
    assert mails.send_of(review.pk) == 0
    writing.discard(update.pk, by=edo)
    assert mails.send_of(review.pk) == 0
    assert mail.outbox == []
