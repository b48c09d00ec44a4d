# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this capability keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from arengo.audience.rights import checking
from arengo.audience.rights.models import IdentityCode, Objection, RightsRequest
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import NIGHTLY, Bounds, RetentionRule
from arengo.core.retention.aging import Aging

KEPT = timedelta(days=730)  # italia.md 6.1: the proof of what was asked, 24 months


def _hand_out(contact_id: int) -> Parts:
    requests = RightsRequest.objects.filter(contact=contact_id).select_related("key").order_by("pk")
    objections = Objection.objects.filter(contact=contact_id).order_by("at")
    return {
        "requests": [
            {
                "right": one.right,
                "way": one.way,
                "asked_on": one.asked_on.isoformat(),
                "due_on": one.due_on.isoformat(),
                "checked_by": one.check_way,
                "state": one.state,
                "ended_at": one.ended_at.isoformat() if one.ended_at else None,
                "name_before": one.before or None,
                "name_after": one.after or None,
            }
            for one in requests
        ],
        "objections": [one.at.isoformat() for one in objections],
    }


def _erase(contact_id: int) -> None:
    """Requests stay, and say nothing of anybody: the names are under a key that goes too."""
    RightsRequest.objects.filter(contact=contact_id).update(key=None, before_sealed=None, after_sealed=None)
    Objection.objects.filter(contact=contact_id).delete()
    IdentityCode.objects.filter(contact=contact_id).delete()


def _met() -> QuerySet[RightsRequest]:
    found: QuerySet[RightsRequest] = RightsRequest.objects.exclude(state=RightsRequest.State.OPEN)
    return found


def register() -> None:
    personal_data.register(
        Holding("audience_rights", _("richieste sui propri dati"), export=_hand_out, erase=_erase)
    )
    retention.register(
        RetentionRule(
            "audience.requests",
            _("richieste dei cittadini sui loro dati, dopo che sono state soddisfatte"),
            _("si cancellano"),
            lasts=lambda: KEPT,
            job=NIGHTLY,
            bounds=Bounds(365, 3650, order=45),
            forgets=Aging(_met, at="ended_at", person="contact"),
        ),
        RetentionRule(
            "audience.identity_codes",
            _("codici per verificare chi è un cittadino"),
            _("si cancellano"),
            lasts=lambda: checking.VALID,
            job="audience.forget_identity_codes",
            because=_("Dopo non aprono più niente."),
        ),
    )
