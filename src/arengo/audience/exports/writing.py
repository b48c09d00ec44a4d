# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file, a portion at a time: at 200,000 people it holds a thousand of them in memory.

The headings are those that an import recognises, and its cells come back as they were: an export is an import's file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from arengo.audience import people
from arengo.audience.exports.sql import statement
from arengo.audience.people_list.asking import Asked, Place
from arengo.audience.people_list.rows import way_words
from arengo.audience.people_list.walking import everybody, walk
from arengo.core import bulk, clean_text, csv_text
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.platforms.registry import platform

PORTION = 1_000  # people
_WALKED = 4_000  # subscriptions that a portion looks at, where filters pass some of them
_COUNTED = 5_000


def count(asked: Asked) -> int:
    """How many it asks for; nothing of them is opened."""
    return sum(len(ids) for ids in everybody(asked, many=_COUNTED))


@dataclass
class Writing:
    """A file that is being written. Each portion is asked for in any thread, and leaves no connection behind there."""

    organization_id: int
    zone: ZoneInfo
    language: str
    asked: Asked
    after: Place | None = None
    begun: bool = False

    def portion(self) -> bytes:
        """What comes next; empty at the end."""
        try:
            with (
                organization_scope(self.organization_id),
                timezone.override(self.zone),
                translation.override(self.language),
            ):
                return self._portion().encode()
        finally:
            if not connection.in_atomic_block:
                connection.close()

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.portion():
            yield piece

    def _portion(self) -> str:
        if not self.begun:
            self.begun, self.after = True, self.asked.start()
            when = _("Data di uscita") if self.asked.left else _("Data iscrizione")
            heads = [_("Cellulare"), _("Nome e cognome"), _("Temi"), when, _("Come"), _("Piattaforma")]
            return csv_text.MARK + csv_text.lines([heads])
        while self.after is not None:
            step = walk(self.asked, self.after, most=PORTION, walked=_WALKED)
            self.after = step.next
            if step.found:
                return csv_text.lines(_rows(step.found))
        return ""


def _rows(ids: list[int]) -> Iterator[list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement("people"), {"ids": bulk.array("bigint", ids)})
        found = cursor.fetchall()
    everything, opened = _("tutti"), vault().open_text
    for sealed, name, where, at, topics, way in found:
        yield [
            people.written_phone(opened(sealed, purpose="phone")) if sealed else "",
            clean_text.name(name),
            ", ".join(topics) or everything,
            timezone.localtime(at).strftime("%d/%m/%Y") if at else "",
            way_words(way or ""),
            platform(where).words.name,
        ]
