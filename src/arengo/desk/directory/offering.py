# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entries of the directory as the composer offers them: beside the canned replies, inserted the same way."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F
from django.utils.translation import gettext as _, ngettext

from arengo.core.models import Person
from arengo.desk.directory.models import DirectoryEntry
from arengo.desk.models import Conversation
from arengo.desk.replies.insertions import MOST, Insertion, Provider


def offer(_conversation: Conversation, _by: Person) -> Sequence[Insertion]:
    return [_insertion(entry) for entry in DirectoryEntry.objects.all()[:MOST]]


def _insertion(entry: DirectoryEntry) -> Insertion:
    meta = [_("rubrica: %(kind)s") % {"kind": entry.get_kind_display()}]
    if entry.topic:
        meta.append(entry.topic)
    if entry.used:
        meta.append(
            ngettext("usata %(many)d volta", "usata %(many)d volte", entry.used) % {"many": entry.used}
        )
    return Insertion(
        key=f"entry-{entry.pk}",
        title=entry.name,
        topic=entry.topic,
        text=written(entry),
        meta=meta,
        used=entry.used,
    )


def written(entry: DirectoryEntry) -> str:
    """The entry as a citizen reads it: one line for each thing that is known."""
    lines = [f"*{entry.name}*", entry.place]
    if entry.hours:
        lines.append(_("Orari: %(hours)s") % {"hours": entry.hours})
    if entry.phone:
        lines.append(_("Telefono: %(phone)s") % {"phone": entry.phone})
    lines += [entry.mail, entry.note, entry.link]
    return "\n".join(line for line in lines if line)


def count_use(pk: int) -> None:
    DirectoryEntry.objects.filter(pk=pk).update(used=F("used") + 1)


PROVIDER = Provider("entry", offer, count_use)
