# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of the log in words. One that is missing here is shown as it is written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ROOMS = (
    ("desk", _("lo sportello")),
    ("newsroom", _("la redazione")),
    ("channel", _("il canale")),
    ("audience", _("gli iscritti")),
    ("delivery", _("mittenti, modelli, prezzi")),
    ("intake", _("la posta in arrivo")),
    ("core", _("l’ente e il personale")),
)
_WORDS = {
    "audience.changed_list": _("ha cambiato parole e messaggi della lista"),
    "audience.erased": _("ha eliminato i dati di un cittadino"),
    "audience.exported": _("ha scaricato i dati di un cittadino"),
    "audience.merged": _("ha riconosciuto che due contatti sono la stessa persona"),
    "audience.published_policy": _("ha pubblicato un’informativa o le regole"),
    "audience.unsubscribed": _("ha cancellato un’iscrizione su richiesta"),
    "channel.withdrew": _("ha ritirato un post dal canale"),
    "core.changed_organization": _("ha cambiato i dati dell’ente"),
    "core.changed_roles": _("ha cambiato i ruoli di una persona"),
    "core.invited": _("ha invitato una persona"),
    "core.organization_created": _("ha creato l’ente"),
    "core.removed_member": _("ha tolto una persona dal personale"),
    "core.renewed_invitation": _("ha rinnovato un invito"),
    "delivery.added_price": _("ha aggiunto un prezzo"),
    "delivery.added_sender": _("ha aggiunto un mittente"),
    "delivery.changed_sender": _("ha cambiato un mittente"),
    "delivery.notice": _("ha ricevuto un avviso dalla piattaforma"),
    "delivery.removed_price": _("ha tolto un prezzo"),
    "delivery.resumed": _("ha riattivato un mittente"),
    "delivery.stopped": _("ha fermato un mittente"),
    "delivery.subscribed_webhook": _("ha collegato il webhook"),
    "delivery.synced_templates": _("ha aggiornato l’elenco dei modelli"),
    "delivery.tried_sender": _("ha provato il collegamento di un mittente"),
    "intake.archived": _("ha archiviato un arrivo non letto"),
    "intake.replayed": _("ha fatto rileggere un arrivo"),
    "newsroom.created_templates": _("ha inviato modelli a Meta per l’approvazione"),
    "newsroom.discarded": _("ha scartato un aggiornamento"),
    "newsroom.drafted": _("ha scritto una bozza"),
    "newsroom.published": _("ha pubblicato un aggiornamento"),
    "newsroom.retried": _("ha riprovato una pubblicazione"),
    "newsroom.retried_failed": _("ha riprovato gli invii non riusciti"),
    "newsroom.stopped": _("ha fermato un invio"),
}


def words(verb: str) -> str:
    return str(_WORDS.get(verb, verb))
