# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience import touched
from arengo.audience.models import Contact, Policy
from arengo.audience.people import name_of
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named

_VERBS = {
    "audience.changed_list": _("ha cambiato parole e messaggi della lista"),
    "audience.erased": _("ha eliminato i dati di un cittadino"),
    "audience.exported": _("ha scaricato i dati di un cittadino"),
    "audience.merged": _("ha riconosciuto che due contatti sono la stessa persona"),
    "audience.opened_card": _("ha aperto la scheda di un cittadino"),
    "audience.published_policy": _("ha pubblicato un’informativa o le regole"),
    "audience.subscribed": _("ha iscritto un cittadino, su sua richiesta"),
    "audience.unsubscribed": _("ha cancellato un’iscrizione su richiesta"),
}
_DETAILS = {
    "gone_contact": _("scheda unita"),
    "gone_identity": _("recapito unito"),
    "kind": _("quale"),
    "version": _("versione"),
}
_VALUES = {
    "privacy": _("informativa"),
    "rules": _("regole"),
}


def _citizens(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            gettext("cittadino %(name)s") % {"name": isolated(each.pk if each.erased_at else name_of(each))},
            reverse("audience:citizen", args=[each.pk]),
        )
        for each in Contact.objects.filter(pk__in=ids).prefetch_related("identities")
    }


def _lists(ids: Collection[int]) -> Mapping[int, Named]:
    return {pk: Named(gettext("lista"), reverse("settings:list")) for pk in ids}


def _texts(ids: Collection[int]) -> Mapping[int, Named]:
    return {
        each.pk: Named(
            f"{each.get_kind_display()} {each.version}", reverse("audience:policy", args=[each.pk])
        )
        for each in Policy.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.room("audience", _("gli iscritti"), order=40)
    log_entries.verbs(_VERBS)
    log_entries.details("audience", _DETAILS)
    log_entries.values("audience", _VALUES)
    touched.register("audience.Contact", lambda ids: ids)
    log_entries.objects("audience.Contact", _("cittadino"), _citizens)
    log_entries.objects("audience.ListSettings", _("lista"), _lists)
    log_entries.objects("audience.Policy", _("testo"), _texts)
