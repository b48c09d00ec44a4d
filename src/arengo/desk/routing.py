# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which responder has a conversation: we, or another one on our number. Two signs tell: the platform says so, or it delivers to
us what the other is to answer (a copy). The later sign counts, by the platform's time.

What another responder has is shown, never unread, and answered by nobody here until an operator takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience.events import CitizenWrote, ConversationMoved
from arengo.core import audit
from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.delivery.sending.refusal_words import meaning
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.models import Conversation, Handover
from arengo.platforms.calls import call
from arengo.platforms.contract import Nature, Refusal, TakesThreads
from arengo.platforms.registry import platform

_WITHIN = 20.0  # seconds
_MOST_OTHERS = 10
_MOST_LINES = 50


class NotGivenBack(HandlingRefused):
    """The platform leaves the conversation with the other responder."""


def moved(batch: Batch[ConversationMoved]) -> None:
    """The platform says who has the latest conversation with a citizen. Called by the reader in its transaction."""
    touched = set()
    for event in sorted(batch.events, key=lambda event: event.at):
        conversation = (
            Conversation.objects.select_for_update(no_key=True)
            .filter(identity_id=event.identity_id, sender_id=batch.sender_id)
            .order_by("-pk")
            .first()
        )
        if conversation is None:
            continue
        Handover.objects.bulk_create(
            [_line(conversation, ours=event.ours, at=event.at, role=event.role)], ignore_conflicts=True
        )
        _hold(conversation, ours=event.ours, at=event.at)
        touched.add(conversation.topic)
    if touched:
        announce(batch.organization_id, "inbox", *sorted(touched))


def note(events: Sequence[CitizenWrote], places: Mapping[int, Conversation]) -> set[int]:
    """A copy shows that another has the conversation, a message to us that we have it. Returns where that changed."""
    changed = set()
    for event in sorted(events, key=lambda event: event.message.sent_at):
        said, conversation = event.message, places[event.identity_id]
        if not said.copy and (not conversation.held_by_other or said.nature is not Nature.WORDS):
            continue
        if said.copy != conversation.held_by_other and _hold(
            conversation, ours=not said.copy, at=said.sent_at
        ):
            Handover.objects.bulk_create(
                [_line(conversation, ours=not said.copy, at=said.sent_at)], ignore_conflicts=True
            )
            changed.add(conversation.pk)
        elif said.copy:
            _hold(conversation, ours=False, at=said.sent_at)
    return changed


def take_back(conversation: Conversation, *, by: Person) -> None:
    """Asks the platform for the conversation. NotGivenBack when it refuses: then nothing changes but the history."""
    sender, identity = conversation.sender, conversation.identity
    if not conversation.held_by_other or identity is None:
        return
    speaks = platform(sender.platform)
    if not isinstance(speaks, TakesThreads):
        raise NotGivenBack(_("Questa piattaforma non permette di riprendere la conversazione."))
    to, credentials = identity.address, sender.credentials
    try:
        call(
            sender.platform, lambda _platform, http: speaks.take_thread(http, credentials, to), within=_WITHIN
        )
    except Refusal as refusal:
        _line(conversation, ours=False, at=timezone.now(), by=by, code=refusal.code).save()
        announce(conversation.organization_id, conversation.topic)
        raise NotGivenBack(
            _("%(platform)s non ce l’ha restituita (codice %(code)d). %(why)s")
            % {
                "platform": speaks.words.name,
                "code": refusal.code,
                "why": meaning(sender.platform, refusal.code),
            }
        ) from refusal
    with transaction.atomic():
        held = locked(conversation)
        now = timezone.now()
        _line(held, ours=True, at=now, by=by).save()
        _hold(held, ours=True, at=now)
        audit.record("desk.took_back", organization=held.organization_id, by=by, on=held)
        announce(held.organization_id, "inbox", held.topic)


def others_held(conversation: Conversation, among: QuerySet[Conversation]) -> Sequence[Conversation]:
    """Other citizens of the same number whom the other responder has, the latest first; of those ``among``."""
    return list(
        among.filter(sender_id=conversation.sender_id, held_by_other=True)
        .exclude(pk=conversation.pk)
        .select_related("contact", "identity")
        .order_by("-held_at")[:_MOST_OTHERS]
    )


def history(conversation: Conversation) -> list[Handover]:
    """The responders that had it, the oldest first; of the latest fifty changes."""
    if conversation.held_at is None:  # nobody else ever had it
        return []
    return list(conversation.handovers.select_related("by").order_by("-at", "-id")[:_MOST_LINES])[::-1]


def held_count(among: QuerySet[Conversation]) -> int:
    return int(among.filter(held_by_other=True).count())


def _hold(conversation: Conversation, *, ours: bool, at: datetime) -> bool:
    """Whether this sign is the latest. The caller has the row locked."""
    if conversation.held_at is not None and at < conversation.held_at:
        return False
    conversation.held_by_other, conversation.held_at = not ours, at
    Conversation.objects.filter(pk=conversation.pk).update(held_by_other=not ours, held_at=at)
    return True


def _line(
    conversation: Conversation,
    *,
    ours: bool,
    at: datetime,
    role: str = "",
    by: Person | None = None,
    code: int | None = None,
) -> Handover:
    return Handover(
        organization_id=conversation.organization_id,
        conversation=conversation,
        ours=ours,
        role=role,
        at=at,
        by=by,
        code=code,
    )
