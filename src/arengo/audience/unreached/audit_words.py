# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of numbers that are not reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.log_entries import Named

_VERBS = {
    "audience.left_unreached": _("ha tolto dalla lista numeri che non ricevono"),
    "audience.kept_unreached": _("ha lasciato nella lista numeri che non ricevono"),
    "audience.put_back": _("ha rimesso nella lista un cittadino che la regola aveva tolto"),
    "audience.changed_unreached_rule": _("ha cambiato dopo quanti invii un numero esce dalla lista"),
}
_DETAILS = {
    "invalid_after": _("il numero non c’è più, invii"),
    "unreached_after": _("nessuna consegna, invii"),
}


def _rules(ids: Collection[int]) -> Mapping[int, Named]:
    return {pk: Named(gettext("numeri che non ricevono"), reverse("audience:unreached")) for pk in ids}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("audience", _DETAILS)
    log_entries.objects("audience_unreached.UnreachedRule", _("numeri che non ricevono"), _rules)
