# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message counts as a request about the list, because a person of the staff has read it so."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from arengo.audience.commands import JOIN, LEAVE
from arengo.audience.consent import Outcome
from arengo.audience.events import Shown
from arengo.audience.obeying import Said, obey_reading
from arengo.core.database import again_if_undone
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk.handling import HandlingRefused
from arengo.desk.models import Conversation, Message
from arengo.desk.window import is_open

KINDS = (JOIN, LEAVE)


class RequestRefused(HandlingRefused):
    """Why it cannot be done, in the user's language."""


@again_if_undone
def count_as(conversation: Conversation, message: Message, kind: str, *, by: Person) -> Outcome:
    """``message``, of this conversation's citizen, is their request to join or to leave (``kind``); it is the proof, with who read it.

    Answered like a command while they may be written to. Locks as ``obey_reading`` does, then changes the message; the log says it;
    announced. RequestRefused: nobody is there any more, it counts already, or they said something else later.
    """
    if conversation.identity is None or not message.incoming or message.erased_at is not None:
        raise RequestRefused(_("Di questo messaggio non c’è più nessuno da iscrivere o cancellare."))
    with transaction.atomic():
        said = Said(
            message_id=message.platform_message_id,
            text=message.text,
            at=message.sent_at,
            sender_id=conversation.sender_id,
            answered=is_open(conversation) and not conversation.held_by_other,
            shown=Shown(message.pk, conversation.pk),
        )
        outcome = obey_reading(conversation.identity, kind, said, by=by)
        if outcome is Outcome.OVERTAKEN:
            if Message.objects.filter(pk=message.pk).exclude(command="").exists():
                raise RequestRefused(_("Questo messaggio è già stato contato come richiesta."))
            raise RequestRefused(
                _("Dopo questo messaggio ha detto altro sulla lista: vale l’ultima cosa che ha detto.")
            )
        Message.objects.filter(pk=message.pk).update(command=kind)
        announce(conversation.organization_id, "inbox", conversation.topic)
    return outcome
