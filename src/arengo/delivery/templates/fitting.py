# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""May a preset be sent through a sender now, and if not, why: in words for staff."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arengo.core.clean_text import isolated
from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates.components import Reading, components_of
from arengo.delivery.templates.presets import Preset

APPROVED = "APPROVED"
_WAITING = ("PENDING", "IN_APPEAL")


class Standing(enum.Enum):
    """How a template stands, from what is worst for who wants to send to what is best."""

    UNUSABLE = "unusable"
    REJECTED = "rejected"
    BROKEN = "broken"  # approved, but it cannot carry what Arengo fills in
    MISSING = "missing"
    PAUSED = "paused"
    WAITING = "waiting"
    OUTDATED = "outdated"  # it can be sent; its words are no longer those that we would write
    MOVED = "moved"  # it can be sent; the platform filed it under another category than we asked for
    APPROVED = "approved"


@dataclass(frozen=True)
class Unfit:
    """Why it cannot be sent now, in words; ``waiting`` when it is only a matter of time."""

    words: str
    waiting: bool = False


def found(preset: Preset, sender: Sender) -> MessageTemplate | None:
    template: MessageTemplate | None = MessageTemplate.objects.filter(
        sender=sender, name=preset.name, language=preset.language
    ).first()
    return template


def fitting(preset: Preset, sender: Sender) -> MessageTemplate | Unfit:
    """The approved template of this preset, as the platform has it."""
    template = found(preset, sender)
    if template is None:
        return Unfit(_("Manca il modello «%(name)s».") % {"name": preset.name})
    if template.status != APPROVED:
        return not_approved(template)
    if not can_carry(preset, template):
        return Unfit(
            _(
                "Il modello «%(name)s» su WhatsApp non ha i campi o i pulsanti che Arengo compila: va rifatto in "
                "Impostazioni → Modelli."
            )
            % {"name": preset.name}
        )
    return template


def ready(presets: Collection[Preset], sender: Sender) -> int:
    """How many of these can be sent now."""
    have = {
        (template.name, template.language): template
        for template in MessageTemplate.objects.filter(sender=sender, status=APPROVED)
    }
    found = ((preset, have.get((preset.name, preset.language))) for preset in presets)
    return sum(template is not None and can_carry(preset, template) for preset, template in found)


def not_approved(template: MessageTemplate) -> Unfit:
    name = {"name": template.name}
    if template.status in _WAITING:
        return Unfit(_("Il modello «%(name)s» aspetta l'approvazione di Meta.") % name, waiting=True)
    if template.status == "REJECTED":
        return Unfit(
            _("Meta ha rifiutato il modello «%(name)s»: %(reason)s.")
            % {**name, "reason": isolated(template.reason.rstrip(". ")) or _("senza dire perché")}
        )
    if template.status == "PAUSED":
        return Unfit(
            _("Meta ha messo in pausa il modello «%(name)s»: riprende fra qualche ora.") % name, waiting=True
        )
    return Unfit(
        _("Meta non permette di usare il modello «%(name)s» (%(status)s).")
        % {**name, "status": template.status}
    )


def can_carry(preset: Preset, template: MessageTemplate) -> bool:
    """Whether it has the fields, the photo and the buttons that we fill in and understand."""
    has = Reading.of(template.components)
    if set(has.variables) != set(preset.parameters) or has.photo != preset.photo:
        return False
    if not preset.choices:
        return True
    replies = [button.label for button in has.buttons if button.kind == "QUICK_REPLY"]
    return set(preset.choices) <= {preset.choice(label, of=template) for label in replies}


def standing(preset: Preset, template: MessageTemplate | None, organization: Organization) -> Standing:
    if template is None:
        return Standing.MISSING
    if template.status in _WAITING:
        return Standing.WAITING
    if template.status == "REJECTED":
        return Standing.REJECTED
    if template.status not in (APPROVED, "PAUSED"):
        return Standing.UNUSABLE
    if not can_carry(preset, template):
        return Standing.BROKEN
    if template.status == "PAUSED":
        return Standing.PAUSED
    if not Reading.of(template.components).says_as(Reading.of(components_of(preset, organization))):
        return Standing.OUTDATED
    return Standing.APPROVED if template.category == preset.category else Standing.MOVED
