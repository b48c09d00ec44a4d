# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The approved message templates, as the platform lists them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.live import announce
from arengo.delivery.models import MessageTemplate, Sender
from arengo.platforms.calls import call
from arengo.platforms.contract import TemplateChanged, TemplateFound
from arengo.platforms.redaction import without_ids


def sync(sender: Sender) -> int:
    """Reads the platform's list; ours becomes the same. Returns how many there are. Refusal when it cannot be read."""
    listed = call(sender.platform, lambda platform, http: platform.templates(http, sender.credentials))
    # What has a longer name or language is none of Meta's, and could not be found again.
    found = [
        one
        for one in listed
        if len(one.name) <= _LONGEST["name"] and len(one.language) <= _LONGEST["language"]
    ]
    with transaction.atomic():
        kept = [keep(sender, template).pk for template in found]
        MessageTemplate.objects.filter(sender=sender).exclude(pk__in=kept).delete()
        announce(sender.organization_id, "senders")
    return len(found)


def keep(sender: Sender, template: TemplateFound) -> MessageTemplate:
    """Remembers one template, e.g. one just created."""
    row: MessageTemplate
    row, _created = MessageTemplate.objects.update_or_create(
        sender=sender,
        name=template.name,
        language=template.language,
        defaults={
            "organization_id": sender.organization_id,
            **_fitting(
                template_id=template.template_id,
                category=template.category.upper(),
                status=template.status.upper(),
                reason=without_ids(template.reason),
                parameter_format=template.parameter_format.lower() or "positional",
            ),
            "components": template.components,
            "synced_at": timezone.now(),
        },
    )
    return row


_LONGEST = {
    "name": 512,
    "language": 15,
    "template_id": 60,
    "category": 20,
    "status": 30,
    "reason": 300,
    "parameter_format": 12,
}  # models.py


def _fitting(**words: str) -> dict[str, str]:
    """The platform's words, no longer than their columns."""
    return {name: word[: _LONGEST[name]] for name, word in words.items()}


def changed(batch: Batch[TemplateChanged]) -> None:
    """Approved, rejected, paused, recategorised: the list follows at once."""
    for event in batch.events:
        said = _fitting(
            status=event.status.upper(), category=event.category.upper(), reason=without_ids(event.reason)
        )
        news = {name: word for name, word in said.items() if word}
        if news:
            ours = MessageTemplate.objects.filter(sender_id=batch.sender_id)
            named = ours.filter(name=event.name, language=event.language).update(**news)
            if not named and event.template_id:
                ours.filter(template_id=event.template_id).update(**news)
    announce(batch.organization_id, "senders")
