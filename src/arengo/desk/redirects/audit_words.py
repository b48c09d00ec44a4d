# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of redirects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.redirects.models import Redirect

_VERBS = {
    "desk.redirected": _("ha rimandato un cittadino al sistema di segnalazione"),
    "desk.changed_redirects": _("ha cambiato i rimandi alle segnalazioni"),
}


def _redirects(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(isolated(each), reverse("settings:redirect", args=[each.pk]))
        for each in Redirect.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.objects("desk_redirects.Redirect", _("rimando"), _redirects)
