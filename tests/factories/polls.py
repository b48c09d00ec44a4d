# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls that were sent, and votes as webhooks bring them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates.components import components_of
from arengo.newsroom import publishing, writing
from arengo.newsroom.drafts import Draft, Flash
from arengo.newsroom.kinds.poll.template import PRESETS
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from arengo.newsroom.votes.box import Slip, What
from arengo.newsroom.votes.hearing import put
from arengo.newsroom.votes.models import Poll
from arengo.newsroom.votes.opening import Question, open_poll
from tests.factories import intake, webhooks
from tests.factories.newsroom import publish

QUESTION = "Come si chiamerà il parco di via dei Prati?"
PARKS = ("Parco delle Rondini", "Parco Anna Esempio, maestra", "Parco del Vecchio Mulino")
EXPLAINED = "https://www.comune.example.it/parco-via-dei-prati"


def approve_polls(organization: Organization, sender: Sender, status: str = "APPROVED") -> None:
    with organization_scope(organization):
        MessageTemplate.objects.bulk_create(
            MessageTemplate(
                organization=organization,
                sender=sender,
                template_id=f"poll-{answers}",
                name=preset.name,
                language=preset.language,
                category=preset.category,
                status=status,
                parameter_format="named",
                components=components_of(preset, organization),
            )
            for answers, preset in PRESETS.items()
        )


def closing(moment: datetime) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {"day": local.date().isoformat(), "time": f"{local:%H:%M}"}


def poll_draft(options: Sequence[str] = PARKS, *, closes: datetime | None = None, **changes: Any) -> Draft:
    content = {
        "options": list(options),
        **closing(closes or timezone.now() + timedelta(days=2)),
        "so_far": False,
    }
    return Draft(
        **{
            "kind": "poll",
            "title": QUESTION,
            "slots": (Flash("", EXPLAINED), Flash(""), Flash(""), Flash("")),
            "outlets": (LIST, CHANNEL),
            "content": content | changes.pop("content", {}),
            **changes,
        }
    )


def sent_poll(organization: Organization, by: Person, draft: Draft | None = None) -> Poll:
    """Written, sent, in the outbox."""
    update = publish(organization, writing.create(organization, draft or poll_draft(), by=by), by)
    publishing.carry_out(organization.pk, update.pk)
    return poll_of(update)


def poll_of(update: Update) -> Poll:
    found: Poll = Poll.objects.select_related("update").get(update=update)
    return found


def press(phone: str, choice_id: str, *, at: float | None = None, text: str = "Voto") -> dict[str, Any]:
    """The quick reply of a template, as WhatsApp tells it."""
    return webhooks.message(
        phone,
        at=round(time.time() if at is None else at),
        id=webhooks.wamid(phone),
        type="button",
        button={"payload": choice_id, "text": text},
        context={"from": "390550000001", "id": "wamid.poll"},
    )


def ballot(poll: Poll, number: int) -> str:
    return f"arengo:poll:{poll.update_id}:{number}"


def vote(sender: Sender, poll: Poll, phone: str, number: int, *, at: float | None = None) -> None:
    """One webhook, read at once."""
    intake.arrive(sender, webhooks.written(press(phone, ballot(poll, number), at=at)))


def phone_of(number: int) -> str:
    """Of the subscribers that ``subscribe`` makes."""
    return f"+3933300{number:05d}"


def poll_of_sent(update: Update, numbers: Sequence[int], identities: Sequence[int]) -> Poll:
    """Of an update that was sent as something else: open, with these votes waiting to be counted."""
    Update.objects.filter(pk=update.pk).update(kind="poll", content=poll_draft().content)
    poll = open_poll(
        update, Question(QUESTION, PARKS, timezone.now() + timedelta(days=2), EXPLAINED, True, (LIST,))
    )
    slips = [
        Slip(What.VOTE, identity, option=number - 1, at=round(time.time() * 1000))
        for number, identity in zip(numbers, identities, strict=True)
    ]
    put(poll.organization_id, [(poll, slip) for slip in slips])
    return poll


def over(poll: Poll) -> Poll:
    """Its time is over since a moment."""
    Poll.objects.filter(pk=poll.pk).update(closes_at=timezone.now())
    poll.refresh_from_db()
    return poll
