# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of the directory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.directory.models import DirectoryEntry

_VERBS = {
    "desk.added_entry": _("ha aggiunto una voce alla rubrica"),
    "desk.changed_entry": _("ha cambiato una voce della rubrica"),
    "desk.removed_entry": _("ha eliminato una voce della rubrica"),
    "desk.imported_entries": _("ha importato la rubrica da una tabella"),
}


def _entries(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("voce della rubrica «%(name)s»") % {"name": isolated(each.name)},
            reverse("settings:directory_entry", args=[each.pk]),
        )
        for each in DirectoryEntry.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.objects("desk_directory.DirectoryEntry", _("voce della rubrica"), _entries)
