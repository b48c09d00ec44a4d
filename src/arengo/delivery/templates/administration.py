# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates at the platform: read its list, present those that are missing, make one anew that no longer fits."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.clean_text import isolated
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.sending.refusal_words import in_words
from arengo.delivery.templates.components import definition
from arengo.delivery.templates.fitting import reason_for
from arengo.delivery.templates.presets import Preset, registered
from arengo.delivery.templates.sample_picture import sample_picture
from arengo.platforms.calls import call
from arengo.platforms.contract import Refusal, Remedy, TemplateFound
from arengo.platforms.redaction import without_ids

_LONGEST = {
    "name": 512,
    "language": 15,
    "template_id": 60,
    "category": 20,
    "status": 30,
    "reason": 300,
    "parameter_format": 12,
}  # of the columns of MessageTemplate
_CHANGEABLE = ("APPROVED", "REJECTED", "PAUSED")  # Meta: only these can be edited, all else is deleted first
_OF_ALL = (
    Remedy.RETRY,
    Remedy.RETRY_LATER,
    Remedy.STOP_SENDER,
)  # whatever is asked next gets the same answer


@dataclass(frozen=True)
class NotCreated:
    name: str
    reason: str


@dataclass(frozen=True)
class Creation:
    created: list[str]
    refused: list[NotCreated]


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
            **fitted(
                template_id=template.template_id,
                category=template.category.upper(),
                status=template.status.upper(),
                reason=reason_for(template.status.upper(), without_ids(template.reason)),
                parameter_format=template.parameter_format.lower() or "positional",
            ),
            "components": template.components,
            "synced_at": timezone.now(),
        },
    )
    return row


def fitted(**words: str) -> dict[str, str]:
    """The platform's words, no longer than their columns."""
    return {name: word[: _LONGEST[name]] for name, word in words.items()}


def create_missing(sender: Sender, *, by: Person | None) -> Creation:
    """Presents to the platform every preset that it does not have. Refusal when its list cannot even be read.

    A refusal that is not about one template (nobody answers, too fast, the number is blocked) ends it: pressed again, it
    goes on with what is left.
    """
    with organization_scope(sender.organization_id):
        sync(sender)
        have = set(MessageTemplate.objects.filter(sender=sender).values_list("name", "language"))
        missing = [preset for preset in registered() if (preset.name, preset.language) not in have]
        created: list[str] = []
        refused: list[NotCreated] = []
        try:
            handle, no_handle = "", ""
            if any(each.photo for each in missing):
                handle, no_handle = _example_handle(sender)
            for preset in missing:
                if preset.photo and not handle:
                    refused.append(NotCreated(preset.name, no_handle))
                    continue
                try:
                    _present(sender, preset, handle)
                except Refusal as refusal:
                    refused.append(NotCreated(preset.name, in_words(sender, refusal)))
                    if refusal.remedy in _OF_ALL:
                        break
                else:
                    created.append(preset.name)
        finally:
            if created:
                _noted("delivery.created_templates", sender, by, created)
        return Creation(created, refused)


def renew(sender: Sender, preset: Preset, *, by: Person | None) -> None:
    """The platform gets our words of today for a template that it has, and reviews them. Until then it cannot be sent.

    One that the platform lets nobody edit is deleted and created. Refusal says why not; then nothing changed, or (deleted,
    and not created again) it is missing.
    """
    with organization_scope(sender.organization_id):
        template = MessageTemplate.objects.filter(
            sender=sender, name=preset.name, language=preset.language
        ).first()
        handle = _uploaded(sender) if preset.photo else ""
        if template is not None and template.status in _CHANGEABLE and template.template_id:
            _edit(sender, preset, template, handle)
        else:
            if template is not None:
                call(
                    sender.platform,
                    lambda platform, http: platform.delete_template(http, sender.credentials, preset.name),
                )
                template.delete()
            _present(sender, preset, handle)
        _noted("delivery.renewed_template", sender, by, [preset.name])


def _edit(sender: Sender, preset: Preset, template: MessageTemplate, handle: str) -> None:
    wanted = definition(preset, sender.organization, handle=handle)
    change = {"components": wanted["components"], "parameter_format": wanted["parameter_format"]}
    if template.status != "APPROVED":  # Meta: an approved one keeps its category
        change["category"] = wanted["category"]
    template_id = template.template_id
    call(
        sender.platform,
        lambda platform, http: platform.edit_template(http, sender.credentials, template_id, change),
    )
    template.components = wanted["components"]
    template.parameter_format = wanted["parameter_format"]
    template.category = change.get("category", template.category)
    template.status, template.reason, template.synced_at = "PENDING", "", timezone.now()
    template.save()


def _present(sender: Sender, preset: Preset, handle: str) -> None:
    """Refusal when the platform does not take it."""
    wanted = definition(preset, sender.organization, handle=handle)
    found = call(
        sender.platform,
        lambda platform, http: platform.create_template(http, sender.credentials, wanted),
    )
    keep(sender, found)


def _uploaded(sender: Sender) -> str:
    content = sample_picture()
    return call(
        sender.platform,
        lambda platform, http: platform.upload_example(
            http, sender.credentials, content, "image/jpeg", "esempio.jpg"
        ),
    )


def _example_handle(sender: Sender) -> tuple[str, str]:
    """The platform's handle of an example image, or why there is none: it reviews photo templates with an example."""
    try:
        return _uploaded(sender), ""
    except Refusal as refusal:
        return "", _(
            "Non è stato possibile caricare l'immagine di esempio che serve per i modelli con foto (%(reason)s). "
            "Si possono creare a mano in WhatsApp Manager, con lo stesso nome e lo stesso testo."
        ) % {"reason": isolated(in_words(sender, refusal))}


def _noted(verb: str, sender: Sender, by: Person | None, names: list[str]) -> None:
    audit.record(verb, organization=sender.organization_id, by=by, on=sender, detail={"names": names})
    announce(sender.organization_id, "senders")
