# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What renewals keep of people, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.renewals import keeping
from arengo.audience.renewals.models import Asking
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def hand_out(contact_id: int) -> Parts:
    rows = Asking.objects.filter(identity__contact=contact_id).select_related("renewal__policy", "mailing")
    return {
        "asked_again": [
            {
                "kind": row.renewal.policy.kind,
                "version": row.renewal.policy.version,
                "question": row.mailing.text,
                "asked_at": row.at.isoformat(),
                "state": row.state,
                "answered_at": row.answered_at.isoformat() if row.answered_at else None,
            }
            for row in rows.order_by("pk")
        ]
    }


def erase(contact_id: int) -> None:
    Asking.objects.filter(identity__contact=contact_id).delete()


def register() -> None:
    personal_data.register(
        Holding("audience_renewals", _("richieste di conferma"), export=hand_out, erase=erase)
    )
    retention.register(
        RetentionRule(
            "audience.renewals",
            _("a chi si è chiesto di accettare una nuova versione dei testi"),
            _("si cancella: restano i totali, e le risposte nel loro registro"),
            lasts=lambda: keeping.KEPT,
            job="audience.forget_renewals",
        )
    )
