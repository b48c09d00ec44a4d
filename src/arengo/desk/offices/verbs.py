# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office is asked, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.accounts import mails, tokens
from arengo.accounts.mails import Mail
from arengo.core import audit, outside
from arengo.core.links import organization_url
from arengo.core.models import Organization, Person
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.models import Conversation
from arengo.desk.notes import verbs as notes
from arengo.desk.offices.models import LONGEST, LONGEST_OFFICE, Question

VALID = timedelta(days=14)
MOST_OPEN = 10  # questions of one conversation that wait for an answer
MOST_A_DAY = 200  # of one organization
MOST_A_DAY_TO_ONE = 20  # of one organization to one address: nobody's mailbox is filled


def words() -> Mapping[str, str | Promise]:
    """What the log says of these verbs."""
    return {
        "desk.asked_office": gettext_lazy("ha chiesto a un altro ufficio"),
        "desk.noted_answer": gettext_lazy("ha ricevuto la risposta di un altro ufficio"),
    }


class AskingRefused(HandlingRefused):
    """Why an office cannot be asked, in the user's language."""


class AnswerRefused(ValueError):
    """Why an answer is not taken, in words for the office."""


@dataclass(frozen=True)
class QuestionMail(Mail):
    template = "desk_offices/mail.txt"
    question: Question
    link: str
    days: int


@dataclass(frozen=True)
class Asked:
    """``mailed``: the mail left. ``link`` only where it did not: somebody hands it over."""

    question: Question
    mailed: bool
    link: str


def ask(
    organization: Organization, conversation: Conversation, *, office: str, email: str, text: str, by: Person
) -> Asked:
    """The office gets a mail with a link that serves once, for fourteen days. The mail leaves after the commit.

    Locks the conversation. AskingRefused for no words or too many, a ceiling, or a citizen who was erased.
    """
    office, text = " ".join(outside.text(office).split()), outside.text(text).strip()
    if not office or not text:
        raise AskingRefused(_("Scrivi l’ufficio e la domanda."))
    if len(office) > LONGEST_OFFICE or len(text) > LONGEST:
        raise AskingRefused(_("Al massimo %(most)d caratteri.") % {"most": LONGEST})
    token, token_hash = tokens.new()
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        held = locked(conversation)
        if held.identity_id is None:
            raise AskingRefused(_("I dati di questo cittadino sono stati cancellati."))
        _keep_ceilings(held, email)
        question: Question = Question.objects.create(
            organization=organization,
            conversation=held,
            office=office,
            email=email,
            text=text,
            token_hash=token_hash,
            by=by,
            expires_at=timezone.now() + VALID,
        )
        audit.record("desk.asked_office", organization=organization, by=by, on=held)
    link = organization_url(organization, reverse("office_answer", args=[token]))
    mail = QuestionMail(organization, question, link, VALID.days)
    mailed = settings.EMAIL_LEAVES and mails.send(mail, email, gettext_lazy("una domanda per il tuo ufficio"))
    return Asked(question, mailed, "" if mailed else link)


def _keep_ceilings(held: Conversation, email: str) -> None:
    now = timezone.now()
    waiting = Question.objects.filter(conversation=held, answered_at=None, expires_at__gt=now)
    if waiting.count() >= MOST_OPEN:
        raise AskingRefused(_("Per questa conversazione ci sono già troppe domande senza risposta."))
    today = Question.objects.filter(at__gt=now - timedelta(days=1))
    if today.count() >= MOST_A_DAY or today.filter(email=email).count() >= MOST_A_DAY_TO_ONE:
        raise AskingRefused(_("Oggi sono già partite troppe domande: riprova domani."))


def of_link(token: str) -> Question | None:
    """The question of a link, among those of the scope's organization; None for one that nobody asked, or of an erased citizen."""
    found: Question | None = (
        Question.objects.filter(token_hash=tokens.hash_of(token), conversation__identity__isnull=False)
        .select_related("conversation", "by")
        .first()
    )
    return found


def answer(question: Question, *, text: str, signed: str) -> None:
    """The office's words become a note on the conversation, found by who asked among the mentions. Once.

    Holds the question. AnswerRefused for no words, too many, or a link that has served or is too old.
    """
    text, signed = outside.text(text).strip(), " ".join(outside.text(signed).split())
    if not text:
        raise AnswerRefused(_("Scrivi la risposta."))
    if len(text) > LONGEST:
        raise AnswerRefused(_("Al massimo %(most)d caratteri.") % {"most": LONGEST})
    with transaction.atomic():
        held = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
        if not held.is_open:
            raise AnswerRefused(_("A questa domanda non si può più rispondere."))
        who = f"{signed[:60]}, {held.office}" if signed else held.office
        notes.answer_of_office(held.conversation, text=text, signed=who, tell=held.by)
        Question.objects.filter(pk=held.pk).update(answered_at=timezone.now())
        audit.record("desk.noted_answer", organization=held.organization_id, by=None, on=held.conversation)
