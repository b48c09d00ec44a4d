# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What imports keep of people, and for how long."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arengo.audience.imports import verbs
from arengo.audience.imports.models import Import, Part, Row
from arengo.audience.models import Identity
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import RetentionRule


def _of(contact_id: int) -> Q:
    known = list(Identity.objects.filter(contact_id=contact_id).values_list("pk", "phone_hash"))
    hashes = [hashed for _pk, hashed in known if hashed is not None]
    return Q(identity__in=[pk for pk, _hashed in known]) | Q(phone_hash__in=hashes)


def hand_out(contact_id: int) -> Parts:
    rows = Row.objects.filter(_of(contact_id)).select_related("batch").order_by("batch", "number")
    return {
        "imports": [
            {
                "file": row.batch.name,
                "row": row.number,
                "state": row.state,
                "phone": row.entry.phone,
                "name": row.entry.name,
                "day": row.entry.day,
                "proof": row.entry.proof,
            }
            for row in rows
        ]
    }


def erase(contact_id: int) -> None:
    """Their rows go. A file that is not imported yet may hold them in a cell that nobody read: it goes whole, with its sample."""
    Row.objects.filter(_of(contact_id)).delete()
    drafts = Import.objects.filter(state__in=verbs.DRAFT)
    Part.objects.filter(batch__in=drafts).delete()
    drafts.update(sample_sealed=None, by_hand_sealed=None)


def register() -> None:
    personal_data.register(
        Holding("audience_imports", _("righe di importazioni"), export=hand_out, erase=erase, copies=True)
    )
    retention.register(
        RetentionRule(
            "audience.imports",
            _("file e righe delle importazioni di iscritti"),
            _("si cancellano: restano quante persone, chi ha importato e la prova"),
            lasts=lambda: verbs.UNDO_FOR,
            because=_("È il tempo in cui si può annullare."),
            job="audience.forget_imports",
        )
    )
