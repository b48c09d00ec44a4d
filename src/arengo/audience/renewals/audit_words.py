# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of renewals."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience.renewals.models import Renewal
from arengo.core import log_entries
from arengo.core.log_entries import Named

_VERBS = {
    "audience.asked_again": _("ha fatto chiedere agli iscritti di accettare una nuova versione"),
    "audience.stopped_asking_again": _("ha fermato una richiesta di conferma agli iscritti"),
    "audience.resumed_asking_again": _("ha fatto riprendere una richiesta di conferma agli iscritti"),
    "audience.left_unanswered": _("ha tolto dalla lista chi non ha risposto alla richiesta di conferma"),
    "audience.restored_unanswered": _(
        "ha rimesso nella lista chi non aveva risposto alla richiesta di conferma"
    ),
}
_DETAILS = {"then": _("chi non risponde"), "until": _("fino al")}
_VALUES = {"stay": _("resta nella lista"), "leave": _("esce dalla lista")}


def _renewals(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("richiesta di conferma: %(kind)s, versione %(version)d")
            % {"kind": each.policy.get_kind_display(), "version": each.policy.version},
            reverse("audience:renewal", args=[each.pk]),
        )
        for each in Renewal.objects.filter(pk__in=ids).select_related("policy")
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("audience", _DETAILS)
    log_entries.values("audience", _VALUES)
    log_entries.objects("audience_renewals.Renewal", _("richiesta di conferma"), _renewals)
