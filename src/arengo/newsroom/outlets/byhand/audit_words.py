# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of posting by hand. The objects are updates, which the newsroom describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.handed_over": _("ha passato a un collega un aggiornamento da mettere a mano"),
    "newsroom.noted_reading": _("ha annotato i numeri letti sul canale WhatsApp"),
    "newsroom.put_by_hand": _("ha messo a mano un aggiornamento sul canale WhatsApp"),
    "newsroom.set_whatsapp_channel": _("ha cambiato l’indirizzo del canale WhatsApp"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("newsroom", {"to": _("a")}, people=("to",))
