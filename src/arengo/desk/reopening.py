# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going on with a conversation whose reply window has shut: an approved message asks the citizen to write again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Organization, Person
from arengo.delivery.models import DeliveryState, MessageTemplate
from arengo.delivery.prices import pricing
from arengo.delivery.prices.pricing import Cost
from arengo.delivery.queue import outbox
from arengo.delivery.templates import components, filling
from arengo.delivery.templates.fitting import Unfit, fitting
from arengo.desk.handling import locked, mark_answered, take_locked
from arengo.desk.latest import settle_latest
from arengo.desk.models import Conversation, Message
from arengo.desk.reopening_template import REOPEN, values
from arengo.desk.replying import HeldByOther, ReplyRefused
from arengo.desk.window import is_open

ONCE_IN = timedelta(hours=24)  # ours: who does not answer is not asked again at once
_NOT_GONE = (DeliveryState.FAILED, DeliveryState.CANCELLED)


class NotReopened(ReplyRefused):
    """Why the approved message does not go, in the user's language."""


@dataclass(frozen=True)
class Offer:
    """What the place of the composer shows while the window is shut.

    ``text``: what the citizen would read. ``cost`` None: no price is set for today. ``obstacle``: why it cannot go now,
    empty when it can; ``passes``: waiting is all that one can do about it. ``asked_at``: when it was sent lately.
    """

    shown: filling.Shown
    cost: Cost | None
    obstacle: str = ""
    passes: bool = False
    asked_at: datetime | None = None

    @property
    def may_go(self) -> bool:
        return not self.obstacle and self.asked_at is None


def offer(conversation: Conversation) -> Offer:
    organization = conversation.organization
    fit = fitting(REOPEN, conversation.sender)
    template = fit if isinstance(fit, MessageTemplate) else None
    parts = template.components if template else components.components_of(REOPEN, organization)
    category = template.category if template else REOPEN.category.value
    return Offer(
        shown=filling.shown(parts, values(conversation, organization)),
        cost=pricing.estimate(organization, conversation.sender, category, 1),
        obstacle=fit.words if isinstance(fit, Unfit) else "",
        passes=isinstance(fit, Unfit) and fit.waiting,
        asked_at=_asked_at(conversation),
    )


@again_if_undone
def reopen(
    conversation: Conversation,
    *,
    by: Person,
    key: str,
    shown: int | None = None,
    last: int | None = None,
) -> Message:
    """Puts the approved message on the road; ``key`` names this very press, so that it goes once.

    ``shown`` and ``last`` as in ``replying.reply``: the citizen's words that the page showed are dealt with, and wait for
    them now. NotReopened, HeldByOther, ConversationClosed and TakenByAnother say why not; then nothing was written.
    Locks as ``replying.reply``.
    """
    with transaction.atomic():
        held = locked(conversation)
        already: Message | None = Message.objects.filter(conversation=held, key=f"{key}:0").first()
        if key and already is not None:
            return already
        take_locked(held, by=by)
        message = _write(held, _checked(held), by, key)
        mark_answered(held, shown=shown, last=last)
        audit.record(
            "desk.sent_approved",
            organization=held.organization_id,
            by=by,
            on=held,
            detail={"message": message.pk, "template": REOPEN.name},
        )
        settle_latest([held.pk])
        announce(held.organization_id, "inbox", held.topic)
    return message


def _checked(held: Conversation) -> MessageTemplate:
    if held.identity is None:
        raise NotReopened(_("I dati di questo cittadino sono stati cancellati."))
    if held.held_by_other:
        raise HeldByOther
    if is_open(held):
        raise NotReopened(_("Il cittadino ha appena scritto: adesso si può rispondere liberamente."))
    asked_at = _asked_at(held)
    if asked_at is not None:
        raise NotReopened(already_asked(asked_at))
    fit = fitting(REOPEN, held.sender)
    if isinstance(fit, Unfit):
        raise NotReopened(fit.words)
    return fit


def already_asked(at: datetime) -> str:
    local = timezone.localtime(at)
    return _(
        "Il messaggio approvato è già partito il %(day)s alle %(clock)s: si può rimandare dopo 24 ore. "
        "Appena il cittadino risponde si scrive liberamente."
    ) % {"day": date_format(local, "j F").lower(), "clock": date_format(local, "H:i")}


def _asked_at(conversation: Conversation) -> datetime | None:
    """When it was sent last, if that is not long ago and it did not fail."""
    recent = conversation.messages.filter(template=REOPEN.key, sent_at__gt=timezone.now() - ONCE_IN)
    asked: Message | None = recent.exclude(delivery__state__in=_NOT_GONE).order_by("-sent_at", "-id").first()
    return asked.sent_at if asked is not None else None


def _write(held: Conversation, template: MessageTemplate, by: Person, key: str) -> Message:
    organization: Organization = held.organization
    filled = values(held, organization)
    assert held.identity is not None  # noqa: S101  # _checked
    try:
        delivery = outbox.enqueue(
            held.sender,
            held.identity.address,
            filling.message(REOPEN, template, filled),
            topic=held.topic,
            price_category=template.category.lower(),
        )
    except outbox.UnfitMessage as unfit:
        raise NotReopened(" ".join(unfit.problems)) from unfit
    message: Message = Message.objects.create(
        organization_id=held.organization_id,
        conversation=held,
        sender=held.sender,
        direction=Message.Direction.OUT,
        text=filling.shown(template.components, filled).text,
        author=by,
        key=f"{key}:0" if key else "",
        template=REOPEN.key,
        delivery=delivery,
    )
    return message
