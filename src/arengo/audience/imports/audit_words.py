# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of imports."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience.imports.models import Import
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named

_VERBS = {
    "audience.uploaded_list": _("ha caricato un elenco da importare"),
    "audience.imported_list": _("ha importato un elenco di iscritti"),
    "audience.undid_import": _("ha annullato un’importazione di iscritti"),
    "audience.discarded_import": _("ha scartato un’importazione prima di farla"),
}


def _imports(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("importazione di «%(name)s»") % {"name": isolated(each.name)},
            reverse("audience:import", args=[each.pk]),
        )
        for each in Import.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.objects("audience_imports.Import", _("importazione"), _imports)
