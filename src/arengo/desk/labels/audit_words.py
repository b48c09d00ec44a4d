# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of labels."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.labels.models import Label

_VERBS = {
    "desk.added_label": _("ha aggiunto un’etichetta"),
    "desk.changed_label": _("ha cambiato un’etichetta"),
}


def _labels(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(isolated(each), reverse("settings:label", args=[each.pk]))
        for each in Label.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.objects("desk_labels.Label", _("etichetta"), _labels)
