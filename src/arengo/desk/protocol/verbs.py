# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number is written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from arengo.core import audit, outside
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.models import Conversation, Message
from arengo.desk.protocol.models import LONGEST_NUMBER, Registered


def words() -> Mapping[str, str | Promise]:
    """What the log says of these verbs."""
    return {
        "desk.noted_protocol": gettext_lazy("ha annotato il numero di protocollo di una conversazione"),
        "desk.downloaded_conversation": gettext_lazy("ha scaricato una conversazione in PDF"),
    }


@again_if_undone
def note(conversation: Conversation, *, number: str, day: date, by: Person) -> Registered:
    """The conversation stands in the register under this number; the same number again changes nothing. Locks the conversation.

    HandlingRefused without a number, for one too long, or a day that is still to come.
    """
    number = " ".join(outside.text(number).split())
    if not number:
        raise HandlingRefused(_("Scrivi il numero di protocollo."))
    if len(number) > LONGEST_NUMBER:
        raise HandlingRefused(_("Al massimo %(most)d caratteri.") % {"most": LONGEST_NUMBER})
    if day > timezone.localdate():
        raise HandlingRefused(_("Questo giorno deve ancora venire."))
    with transaction.atomic():
        held = locked(conversation)
        registered: Registered
        registered, is_new = Registered.objects.get_or_create(
            conversation=held,
            number=number,
            organization_id=held.organization_id,
            defaults={"day": day, "messages": Message.objects.filter(conversation=held).count(), "by": by},
        )
        if is_new:
            audit.record("desk.noted_protocol", organization=held.organization_id, by=by, on=held)
            announce(held.organization_id, held.topic)
    return registered
