# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core import log_entries
from arengo.core.log_entries import Named
from arengo.core.models import Organization, Role

_VERBS = {
    "core.changed_organization": _("ha cambiato i dati dell’ente"),
    "core.changed_roles": _("ha cambiato i ruoli di una persona"),
    "core.erased_person": _("ha cancellato il nome di una persona del personale"),
    "core.invited": _("ha invitato una persona"),
    "core.organization_created": _("ha creato l’ente"),
    "core.removed_member": _("ha tolto una persona dal personale"),
    "core.renewed_invitation": _("ha rinnovato un invito"),
    "core.switched_automatic": _("ha acceso o spento risposte automatiche"),
}
# Of every room (core/log_entries.py).
_DETAILS = {
    "after": _("dopo"),
    "before": _("prima"),
    "changed": _("che cosa"),
    "count": _("quanti"),
    "person": _("persona"),
    "reason": _("motivo"),
    "roles": _("ruoli"),
}
_VALUES: dict[str, log_entries.Words] = {
    "True": _("sì"),
    "False": _("no"),
    **{role.value: role.label for role in Role},
}


def _organizations(ids: Collection[int]) -> Mapping[int, Named]:
    page = reverse("settings:organization")
    return {each.pk: Named(each.name, page) for each in Organization.objects.filter(pk__in=ids)}


def _people(ids: Collection[int]) -> Mapping[int, Named]:
    """A person whose name was erased: only the number is left."""
    return {
        pk: Named(gettext("persona %(number)s") % {"number": pk}, reverse("settings:staff")) for pk in ids
    }


def register() -> None:
    log_entries.room("core", _("l’ente e il personale"), order=80)
    log_entries.verbs(_VERBS)
    log_entries.details("core", _DETAILS, people=("person",))
    log_entries.values("core", _VALUES)
    log_entries.objects("core.Organization", _("ente"), _organizations)
    log_entries.objects("core.Person", _("persona"), _people)
