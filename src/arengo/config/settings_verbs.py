# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of the log in words. One that is missing here is shown as it is written."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext_lazy as _

from arengo.core.models import AuditEntry, Role

ROOMS = (
    ("desk", _("lo sportello")),
    ("newsroom", _("la redazione")),
    ("channel", _("il canale")),
    ("audience", _("gli iscritti")),
    ("delivery", _("mittenti, modelli, prezzi")),
    ("intake", _("la posta in arrivo")),
    ("accounts", _("gli accessi")),
    ("core", _("l’ente e il personale")),
)
_WORDS = {
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
    "audience.changed_list": _("ha cambiato parole e messaggi della lista"),
    "core.switched_automatic": _("ha acceso o spento risposte automatiche"),
    "audience.erased": _("ha eliminato i dati di un cittadino"),
    "audience.exported": _("ha scaricato i dati di un cittadino"),
    "audience.merged": _("ha riconosciuto che due contatti sono la stessa persona"),
    "audience.published_policy": _("ha pubblicato un’informativa o le regole"),
    "audience.unsubscribed": _("ha cancellato un’iscrizione su richiesta"),
    "channel.withdrew": _("ha ritirato un post dal canale"),
    "core.changed_organization": _("ha cambiato i dati dell’ente"),
    "core.changed_roles": _("ha cambiato i ruoli di una persona"),
    "core.erased_person": _("ha cancellato il nome di una persona del personale"),
    "core.invited": _("ha invitato una persona"),
    "core.organization_created": _("ha creato l’ente"),
    "core.removed_member": _("ha tolto una persona dal personale"),
    "core.renewed_invitation": _("ha rinnovato un invito"),
    "delivery.added_price": _("ha aggiunto un prezzo"),
    "delivery.added_sender": _("ha aggiunto un mittente"),
    "delivery.changed_sender": _("ha cambiato un mittente"),
    "delivery.dropped_withheld": _("ha annullato messaggi trattenuti dopo un ripristino"),
    "delivery.notice": _("ha ricevuto un avviso dalla piattaforma"),
    "delivery.read_timeline": _("ha letto che la banca dati è tornata a un momento precedente"),
    "delivery.released_withheld": _("ha inviato messaggi trattenuti dopo un ripristino"),
    "delivery.removed_price": _("ha tolto un prezzo"),
    "delivery.resumed": _("ha riattivato un mittente"),
    "delivery.stopped": _("ha fermato un mittente"),
    "delivery.subscribed_webhook": _("ha collegato il webhook"),
    "delivery.synced_templates": _("ha aggiornato l’elenco dei modelli"),
    "delivery.tried_sender": _("ha provato il collegamento di un mittente"),
    "desk.sent_again": _("ha inviato di nuovo una risposta"),
    "desk.took_back": _("ha ripreso una conversazione da un altro risponditore"),
    "intake.acknowledged_responder": _("ha preso atto di un altro risponditore sul numero"),
    "intake.archived": _("ha archiviato un arrivo non letto"),
    "intake.replayed": _("ha fatto rileggere un arrivo"),
    "intake.second_responder": _("ha notato un altro risponditore sul numero"),
    "newsroom.created_templates": _("ha inviato modelli a Meta per l’approvazione"),
    "newsroom.discarded": _("ha scartato un aggiornamento"),
    "newsroom.drafted": _("ha scritto una bozza"),
    "newsroom.published": _("ha pubblicato un aggiornamento"),
    "newsroom.retried": _("ha riprovato una pubblicazione"),
    "newsroom.retried_failed": _("ha riprovato gli invii non riusciti"),
    "newsroom.sent_unknown_again": _("ha inviato di nuovo messaggi dall’esito sconosciuto"),
    "newsroom.stopped": _("ha fermato un invio"),
}

_OBJECTS = {
    "accounts.Invitation": _("invito"),
    "audience.Contact": _("cittadino"),
    "audience.ListSettings": _("lista"),
    "audience.Policy": _("testo"),
    "channel.Post": _("post"),
    "core.Membership": _("persona"),
    "core.Organization": _("ente"),
    "core.Person": _("persona"),
    "delivery.Fanout": _("invio"),
    "delivery.Price": _("prezzo"),
    "delivery.Sender": _("mittente"),
    "desk.Conversation": _("conversazione"),
    "intake.Journal": _("arrivo"),
    "newsroom.Update": _("aggiornamento"),
}
_DETAILS = {
    "after": _("dopo"),
    "before": _("prima"),
    "category": _("categoria"),
    "changed": _("che cosa"),
    "code": _("codice"),
    "codes": _("codici"),
    "count": _("quanti"),
    "factor": _("quale"),
    "kind": _("quale"),
    "message": _("messaggio"),
    "names": _("quali"),
    "not_sent": _("non partiti, con ogni probabilità"),
    "only_not_sent": _("solo quelli"),
    "outlet": _("dove"),
    "proved": _("indirizzo verificato"),
    "outlets": _("dove"),
    "person": _("persona"),
    "recipients": _("destinatari"),
    "reason": _("motivo"),
    "roles": _("ruoli"),
    "unknown": _("esito sconosciuto"),
    "version": _("versione"),
    "worked": _("riuscito"),
}
_VALUES = {
    "recovery_codes": _("codici di riserva"),
    "totp": _("app per i codici"),
    "webauthn": _("passkey"),
    "privacy": _("informativa"),
    "rules": _("regole"),
    "channel": _("canale pubblico"),
    "list": _("lista WhatsApp"),
    "True": _("sì"),
    "False": _("no"),
    **{role.value: role.label for role in Role},
}


def words(verb: str) -> str:
    return str(_WORDS.get(verb, verb))


def object_words(entry: AuditEntry) -> str:
    """«mittente 1»; a kind that is missing here is shown as it is written."""
    return (
        f"{_OBJECTS.get(entry.object_type, entry.object_type)} {entry.object_id}" if entry.object_id else ""
    )


def detail_words(entry: AuditEntry, people: Mapping[int, str]) -> str:
    """What the line keeps, each part with its name: «prima: Revisore; dopo: Redattore». ``people``: names by id."""
    return "; ".join(
        f"{_DETAILS.get(name, name)}: {people.get(value, value) if name == 'person' else _value(entry, name, value)}"
        for name, value in entry.detail.items()
        if value not in ("", None, [])
    )


def _value(entry: AuditEntry, name: str, value: object) -> str:
    values = value if isinstance(value, list) else [value]
    if name == "changed":
        return ", ".join(_field(entry.object_type, str(each)) for each in values)
    return ", ".join(str(_VALUES.get(str(each), each)) for each in values)


def _field(model: str, name: str) -> str:
    """A field as its form calls it."""
    try:
        field = apps.get_model(model)._meta.get_field(name)  # noqa: SLF001  # Django's own, documented interface
        return str(field.verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return name
