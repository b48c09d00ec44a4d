# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a citizen is called on the screens of the desk."""

from __future__ import annotations

from django.utils.translation import gettext as _

from arengo.audience.people import display_name, masked_phone, may_see_numbers, shown_phone
from arengo.core.models import Membership
from arengo.desk.models import Conversation


def called(conversation: Conversation) -> str:
    """Their own name; else the masked number; else that they have neither; or that they were erased."""
    identity = conversation.identity
    if conversation.contact.erased_at or identity is None:
        return _("Cittadino cancellato")
    identity.contact = conversation.contact  # already here: no query for each row
    return display_name(identity)


def number(conversation: Conversation, membership: Membership | None) -> str:
    """The whole number for who may see it, else masked; or that the platform gives none."""
    if conversation.identity is None:
        return ""
    show = shown_phone if may_see_numbers(membership) else masked_phone
    return show(conversation.identity) or _("senza numero")
