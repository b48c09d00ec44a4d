# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with the directory in the settings."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from arengo.core import audit
from arengo.core.models import Person
from arengo.desk.directory.models import DirectoryEntry
from arengo.desk.replies.insertions import MOST


class TooMany(ValueError):
    """There are as many entries as there may be; the words say how many."""


def _room_for(more: int) -> None:
    there = DirectoryEntry.objects.count()
    if there + more > MOST:
        raise TooMany(
            _("Le voci della rubrica possono essere al massimo %(most)d: ce ne sono già %(there)d.")
            % {"most": MOST, "there": there}
        )


def save(entry: DirectoryEntry, *, by: Person) -> None:
    with transaction.atomic():
        is_new = entry._state.adding  # noqa: SLF001  # Django documents _state
        if is_new:
            _room_for(1)
        entry.save()
        verb = "desk.added_entry" if is_new else "desk.changed_entry"
        audit.record(verb, organization=entry.organization, by=by, on=entry)


def delete(entry: DirectoryEntry, *, by: Person) -> None:
    with transaction.atomic():
        audit.record("desk.removed_entry", organization=entry.organization, by=by, on=entry)
        entry.delete()


def add_all(entries: Sequence[DirectoryEntry], *, by: Person) -> None:
    """Entries that were read from a table; one line of the log for all."""
    if not entries:
        return
    with transaction.atomic():
        _room_for(len(entries))
        for entry in entries:
            entry.save()
        audit.record(
            "desk.imported_entries",
            organization=entries[0].organization,
            by=by,
            detail={"count": len(entries)},
        )
