# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of drafts and uploads when a citizen is erased, or two conversations become one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.desk.uploads import drafts
from arengo.desk.uploads.models import Draft, Upload


def register() -> None:
    personal_data.register(
        Holding("desk_drafts", _("risposte non ancora inviate"), export=_export, erase=_erase)
    )
    retention.register(
        RetentionRule(
            "desk.drafts",
            _("bozze e file non inviati"),
            _("si cancellano; i file non inviati già dopo un giorno"),
            lasts=lambda: drafts.LASTS,
            because=_("Chi scriveva ha avuto tempo di finire."),
            job="desk.forget_drafts",
        )
    )


def _export(contact_id: int) -> dict[str, object]:
    """Nothing that was said to the citizen: only that somebody was writing."""
    found = Draft.objects.filter(conversation__contact_id=contact_id).order_by("pk")
    return {"drafts": [{"at": draft.saved_at.isoformat()} for draft in found]}


def _erase(contact_id: int) -> None:
    Draft.objects.filter(conversation__contact_id=contact_id).delete()
    uploads = list(Upload.objects.filter(conversation__contact_id=contact_id))
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    transaction.on_commit(lambda: [upload.discard() for upload in uploads])  # files know no rollback


def conversations_merged(kept_id: int, gone_id: int) -> None:
    """Somebody who was writing in both keeps the words of both."""
    for draft in Draft.objects.filter(conversation_id=gone_id):
        kept = Draft.objects.filter(conversation_id=kept_id, person_id=draft.person_id).first()
        if kept is None:
            Draft.objects.filter(pk=draft.pk).update(conversation_id=kept_id)
        else:
            Draft.objects.filter(pk=kept.pk).update(text=f"{kept.text}\n{draft.text}")
            draft.delete()
    Upload.objects.filter(conversation_id=gone_id).update(conversation_id=kept_id)
