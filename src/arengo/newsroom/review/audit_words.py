# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of reviews. The objects are updates, which the newsroom describes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.core import log_entries

_VERBS = {
    "newsroom.approved": _("ha approvato un aggiornamento"),
    "newsroom.asked_review": _("ha chiesto la revisione di un aggiornamento"),
    "newsroom.sent_back": _("ha rimandato un aggiornamento a chi l’ha scritto"),
    "newsroom.set_four_eyes": _("ha deciso se gli aggiornamenti hanno bisogno di un secondo sì"),
    "newsroom.took_back_review": _("ha ritirato la richiesta di revisione di un aggiornamento"),
    "newsroom.voided_approval": _("ha cambiato un aggiornamento approvato: il sì non vale più"),
}


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("newsroom", {"four_eyes": _("quattro occhi")})
