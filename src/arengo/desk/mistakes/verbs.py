# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cancella subito."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.database import again_if_undone
from arengo.core.erasures import erasing
from arengo.core.live import announce
from arengo.core.models import Person
from arengo.desk.handling import HandlingRefused, locked
from arengo.desk.mistakes import forgetting
from arengo.desk.mistakes.models import Mistake
from arengo.desk.models import Attachment, Message, Version
from arengo.intake import scrubbing


def why_not(message: Message) -> str:
    """Why it cannot be erased so; "" when it can."""
    if not message.incoming:
        return _("Si cancella così solo quello che scrive il cittadino.")
    if message.command:
        return _("È un comando della lista: resta come prova di ciò che il cittadino ha scelto.")
    return ""


@again_if_undone
def erase(message: Message, *, by: Person) -> None:
    """Takes away its words, place, files, earlier versions and reactions, what others keep of it, and what the journal holds.

    That there was a message, when, of which kind, who erased it and when, stays. Its keyed hash stays too, so that an edit or a
    second delivery brings nothing back. HandlingRefused for what is not a citizen's, or is a command; once erased, nothing
    happens. Locks the conversation, the message, then its file. The journal is gone through by a job in the minutes after.
    """
    with transaction.atomic():
        held = locked(message.conversation)
        message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
        if message.erased_at is not None:
            return
        if refused := why_not(message):
            raise HandlingRefused(refused)
        message_id, platform = message.platform_message_id, held.sender.platform
        with erasing(message, organizations=[held.organization_id]) as [note]:
            files = list(Attachment.objects.select_for_update(no_key=True).filter(message=message))
            Attachment.objects.filter(pk__in=[file.pk for file in files]).delete()
            transaction.on_commit(lambda: [file.discard() for file in files])  # files know no rollback
            Version.objects.filter(message=message).delete()
            Message.objects.filter(pk=message.pk).update(
                text="",
                content="",
                latitude=None,
                longitude=None,
                platform_message_sealed=None,
                quoted_hash=None,
                citizen_reaction="",
                our_reaction="",
                erased_at=timezone.now(),
            )
            forgetting.message_erased(message.pk)
            Mistake.objects.create(organization_id=held.organization_id, message=message, by=by)
            if message_id:
                scrubbing.forget_message(
                    message_id, platform=platform, organization_id=held.organization_id, erasure_id=note.pk
                )
        audit.record(
            "desk.erased_message",
            organization=held.organization_id,
            by=by,
            on=held,
            detail={"message": message.pk},
        )
        announce(held.organization_id, "inbox", held.topic)
