# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of proofs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience.models import Consent
from arengo.core import log_entries
from arengo.core.log_entries import Named

_VERBS = {
    "audience.downloaded_proof": _("ha scaricato la prova di un’iscrizione o di una cancellazione"),
}


def _consents(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        pk: Named(gettext("prova n. %(number)d") % {"number": pk}, reverse("audience:proof", args=[pk]))
        for pk in Consent.objects.filter(pk__in=ids).values_list("pk", flat=True)
    }


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("audience", {"form": _("in che forma")})
    log_entries.objects("audience.Consent", _("prova"), _consents)
