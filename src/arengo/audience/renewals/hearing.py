# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people answer: with the button, in words, on their own page. Each «yes» is a line of the log of consents, with the question.

Called in the reader's transaction, inside the organization's scope. A batch costs some fifteen queries, however many answers.
«No» is a leave like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from arengo.audience import answers, choices, consent, obeying, policies, questions, ways
from arengo.audience.answers import Answers
from arengo.audience.choices import ChoicePressed, Handled
from arengo.audience.commands import LEAVE
from arengo.audience.consent import Outcome, Words
from arengo.audience.events import (
    IdentitiesMerged,
    Proves,
    ReplyWanted,
    SubscriptionAffirmed,
    SubscriptionEnded,
)
from arengo.audience.models import Consent, ListSettings, Policy
from arengo.audience.proofs import telling
from arengo.audience.proofs.telling import Answered
from arengo.audience.questions import NO, Asked, Asker, Heard
from arengo.audience.receiving import Names
from arengo.audience.renewals.models import Asking, Renewal
from arengo.audience.renewals.template import RENEW
from arengo.core import outside
from arengo.core.events import Batch
from arengo.core.models import Organization


class Shown(NamedTuple):
    """What somebody had before them when they accepted: the message, or the page (then ``delivery_id`` is 0)."""

    text: str
    delivery_id: int
    at: datetime


def register() -> None:
    choices.register(RENEW, _pressed)
    questions.register(Asker("renewals", 20, _is_open, _said))


def _is_open() -> bool:
    return Renewal.objects.filter(state__in=Renewal.OPEN).exists()


def newest(identities: Sequence[int]) -> dict[int, Asking]:
    """By identity, what each was asked last, answered or not."""
    rows = (
        Asking.objects.filter(identity__among=identities)
        .select_related("renewal__policy", "mailing")
        .order_by("identity", "-pk")
        .distinct("identity")
    )
    return {row.identity_id: row for row in rows}


def accept(said: Sequence[tuple[Words, Asking, Shown]]) -> list[consent.Step]:
    """Each counts if they are still on the list: a line of the log, with what they were shown, and their state. Locks the people."""
    if not said:
        return []
    steps = consent.say([words for words, _asking, _shown in said])
    told, done = [], []
    for (_words, asking, shown), step in zip(said, steps, strict=True):
        if step.key is None:
            continue
        policy = asking.renewal.policy
        privacy, rules = (policy.pk, 0) if policy.kind == Policy.Kind.PRIVACY else (0, policy.pk)
        proves = Proves(step.consent_id, step.key, privacy, rules)
        told.append(Answered(proves, shown.text, shown.delivery_id, shown.at))
        done.append(asking.pk)
    telling.keep(said[0][1].organization_id, told, timezone.now())
    Asking.objects.filter(pk__in=done, state__in=Asking.OPEN).update(
        state=Asking.State.ACCEPTED, answered_at=timezone.now()
    )
    return steps


def _said(batch: Batch[ChoicePressed]) -> Heard:
    """In words, from who was asked by a renewal that is not over."""
    asked = {
        pk: asking
        for pk, asking in newest([event.identity.pk for event in batch.events]).items()
        if asking.renewal.state in Renewal.OPEN
    }
    told = {pk: Asked(asking.at, asking.delivery_id) for pk, asking in asked.items()}
    ours = questions.answers(batch, told)
    yes = [(event, asked[event.identity.pk]) for event in ours if event.prefix != NO]
    replies = [*_accepted(batch, yes)]
    leaving = [replace(event, prefix=LEAVE, value="") for event in ours if event.prefix == NO]
    if leaving:
        obeyed = obeying.obey(Batch(batch.organization_id, batch.sender_id, leaving, batch.platform))
        replies += obeyed.replies
    known = {id(event) for event in ours}
    return Heard(replies, [event for event in batch.events if id(event) not in known])


def _pressed(batch: Batch[ChoicePressed]) -> Handled:
    """The button says to which renewal it belongs: messages lie on phones for years."""
    asked = {
        (row.identity_id, row.renewal_id): row
        for row in Asking.objects.filter(
            identity__among=[event.identity.pk for event in batch.events]
        ).select_related("renewal__policy", "mailing")
    }
    found = []
    for event in batch.events:
        renewal = outside.whole(event.value, least=1)
        if renewal is not None and (row := asked.get((event.identity.pk, renewal))) is not None:
            found.append((event, row))
    return Handled(_accepted(batch, found))


def _accepted(batch: Batch[ChoicePressed], said: Sequence[tuple[ChoicePressed, Asking]]) -> list[ReplyWanted]:
    """A second «yes» is thanked for, and not written down. People who are off the list are told how to come back."""
    settings = ListSettings.objects.first()
    if not said or settings is None:
        return []
    first = {row.pk: event for event, row in reversed(said)}  # who presses twice says it once
    new = [(event, row) for event, row in said if row.state in Asking.OPEN and first[row.pk] is event]
    steps = accept(
        [
            (
                Words(
                    event.identity,
                    Consent.Action.CONFIRMED,
                    event.at,
                    Consent.Source.MESSAGE,
                    event.message.message_id,
                    event.message.text,
                    batch.sender_id,
                    way=ways.of(event.message)[0],
                ),
                row,
                Shown(row.mailing.text, row.delivery_id, row.at),
            )
            for event, row in new
        ]
    )
    outcome = {row.pk: (event, step) for (event, row), step in zip(new, steps, strict=True)}
    spoken = Answers.of(batch, settings, policies.in_force(), Names.read())
    thanks = spoken.wording.message(settings.accepted_text, platform_name=batch.platform)
    late = _late_words(batch.organization_id, settings)
    replies = []
    for event, row in said:
        counted, step = outcome.get(row.pk, (None, None))
        stays = row.state == Asking.State.ACCEPTED or (step is not None and step.outcome is Outcome.CONFIRMED)
        text = thanks if stays else late
        if not text:
            continue
        proves = Proves(step.consent_id, step.key) if step is not None and step.key is not None else None
        reply = event.reply(answers.ACCEPTED, text)
        replies.append(replace(reply, proves=proves if counted is event else None))
    return replies


def _late_words(organization_id: int, settings: ListSettings) -> str:
    language = Organization.objects.get(pk=organization_id).language
    with translation.override(language):
        return _(
            "Non sei nella lista degli avvisi: la tua risposta è arrivata dopo. Se vuoi riceverli di nuovo scrivi %(join)s."
        ) % {"join": next(iter(settings.join_words), "ISCRIVIMI")}


# --- listeners ----------------------------------------------------------------------------------------------------


def subscription_ended(batch: Batch[SubscriptionEnded]) -> None:
    """To leave the list, in whatever way, is an answer."""
    people = [event.identity_id for event in batch.events]
    Asking.objects.filter(
        identity__among=people,
        state__in=[*Asking.OPEN, Asking.State.ACCEPTED],
        renewal__state__in=Renewal.OPEN,
    ).update(state=Asking.State.LEFT, answered_at=timezone.now())


def subscription_affirmed(batch: Batch[SubscriptionAffirmed]) -> None:
    """«Iscrivimi», from who is asked: they want to stay, and have not said that they accept anything."""
    people = [event.identity_id for event in batch.events]
    Asking.objects.filter(
        identity__among=people, state=Asking.State.WAITING, renewal__state__in=Renewal.OPEN
    ).update(state=Asking.State.STAYS)


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    """Two that were one person: what either answered stays. Of a renewal that asked both, the answer counts."""
    for event in batch.events:
        theirs = Asking.objects.filter(identity=event.gone_identity_id)
        ours: Mapping[int, Asking] = {
            row.renewal_id: row for row in Asking.objects.filter(identity=event.kept_identity_id)
        }
        for row in theirs:
            same = ours.get(row.renewal_id)
            if same is not None and same.state in Asking.OPEN and row.state not in Asking.OPEN:
                Asking.objects.filter(pk=same.pk).update(state=row.state, answered_at=row.answered_at)
        theirs.exclude(renewal__in=list(ours)).update(identity=event.kept_identity_id)
