# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of notes when a citizen is erased, asks for their data, or turns out to be somebody known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Chapter, Holding, Line
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.core.retention.aging import Aging
from arengo.desk.notes.models import Note

KEPT = timedelta(days=365)  # as the messages that they are about


def register() -> None:
    personal_data.register(
        Holding(
            "desk_notes",
            _("note interne"),
            export=_export,
            erase=_erase,
            readable=_readable,
            amounts=_amounts,
        )
    )
    retention.register(
        RetentionRule(
            "desk.notes",
            _("note interne delle conversazioni, telefonate e visite annotate"),
            _("si cancellano; le note sulla persona restano con lei"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            bounds=Bounds(30, 3650, order=30),
            forgets=Aging(lambda: Note.objects.filter(on_person=False), at="at", person="contact"),
        )
    )


def _export(contact_id: int) -> dict[str, object]:
    """The words about the citizen; of the staff only that somebody wrote them."""
    found = Note.objects.filter(contact_id=contact_id, removed_at=None).order_by("at", "id")
    return {
        "notes": [
            {
                "at": note.at.isoformat(),
                "kind": note.kind,
                "conversation": note.conversation_id,
                "text": note.text,
            }
            for note in found
        ]
    }


def _readable(contact_id: int) -> Iterable[Chapter]:
    found = Note.objects.filter(contact_id=contact_id, removed_at=None).order_by("at", "id")
    if found.exists():
        yield Chapter(gettext("Note dello sportello"), (Line("", note.text, note.at) for note in found))


def _amounts(contact_id: int) -> Sequence[str]:
    count = Note.objects.filter(contact_id=contact_id, removed_at=None).count()
    return [ngettext("%(count)d nota", "%(count)d note", count) % {"count": count}] if count else []


def _erase(contact_id: int) -> None:
    Note.objects.filter(contact_id=contact_id).delete()


def conversations_merged(kept_id: int, gone_id: int) -> None:
    Note.objects.filter(conversation_id=gone_id).update(conversation_id=kept_id)


def contacts_merged(kept_id: int, gone_id: int) -> None:
    Note.objects.filter(contact_id=gone_id).update(contact_id=kept_id)
