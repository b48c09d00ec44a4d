# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.accounts.models import Invitation
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.core.models import Membership

_VERBS = {
    "accounts.accepted_invitation": _("ha accettato l’invito"),
    "accounts.added_factor": _("ha aggiunto un secondo passaggio"),
    "accounts.asked_address": _("ha chiesto di verificare o cambiare il proprio indirizzo"),
    "accounts.changed_address": _("ha cambiato il proprio indirizzo e-mail"),
    "accounts.changed_password": _("ha cambiato la propria password: le altre sessioni sono finite"),
    "accounts.factor_failed": _("ha registrato un secondo passaggio non riuscito"),
    "accounts.invited": _("ha invitato una persona"),
    "accounts.proved_address": _("ha verificato il proprio indirizzo e-mail"),
    "accounts.removed_factor": _("ha tolto un secondo passaggio"),
    "accounts.renewed_access": _("ha dato un nuovo collegamento d’accesso a una persona"),
    "accounts.renewed_codes": _("ha creato codici di riserva nuovi"),
    "accounts.renewed_invitation": _("ha rinnovato un invito"),
    "accounts.required_second_factor": _("ha chiesto a tutti il secondo passaggio"),
    "accounts.reset_access": _("ha azzerato l’accesso di una persona dalla riga di comando"),
    "accounts.reset_password": _("ha scelto una password nuova per e-mail: tutte le sessioni sono finite"),
    "accounts.revoked_invitation": _("ha revocato un invito"),
    "accounts.sign_in_failed": _("ha registrato un accesso non riuscito"),
    "accounts.signed_in": _("è entrato nella console"),
    "accounts.signed_out": _("è uscito dalla console"),
    "accounts.unknown_failed": _("ha registrato accessi non riusciti con indirizzi che qui non ha nessuno"),
    "accounts.used_recovery_code": _("ha usato un codice di riserva"),
    "accounts.waived_second_factor": _("ha lasciato a ciascuno la scelta del secondo passaggio"),
}
_DETAILS = {
    "factor": _("quale"),
    "proved": _("indirizzo verificato"),
}
_VALUES = {
    "recovery_codes": _("codici di riserva"),
    "totp": _("app per i codici"),
    "webauthn": _("passkey"),
}


def _invitations(ids: Collection[int]) -> Mapping[int, Named]:
    page = reverse("settings:staff")
    return {
        each.pk: Named(gettext("invito a %(name)s") % {"name": isolated(each.name)}, page)
        for each in Invitation.objects.filter(pk__in=ids)
    }


def _members(ids: Collection[int]) -> Mapping[int, Named]:
    found = Membership.objects.filter(pk__in=ids).select_related("person")
    return {each.pk: Named(str(each.person), reverse("settings:member", args=[each.pk])) for each in found}


def register() -> None:
    log_entries.room("accounts", _("gli accessi"), order=70)
    log_entries.verbs(_VERBS)
    log_entries.details("accounts", _DETAILS)
    log_entries.values("accounts", _VALUES)
    log_entries.objects("accounts.Invitation", _("invito"), _invitations)
    log_entries.objects("core.Membership", _("persona"), _members)
