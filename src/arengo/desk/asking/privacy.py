# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of questions when a citizen is erased or asks for their data. They follow their message otherwise."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import RetentionRule
from arengo.desk import aging
from arengo.desk.asking.models import Asked


def register() -> None:
    personal_data.register(Holding("desk_asking", _("domande da premere"), export=_export, erase=_erase))
    retention.register(
        RetentionRule(
            "desk.asked", _("pulsanti ed elenchi proposti al cittadino"), _("si cancellano con i messaggi")
        )
    )
    aging.register("asking", lambda ids: _deleted(Asked.objects.filter(message__in=ids)))


def _deleted(found: QuerySet[Asked]) -> None:
    found.delete()


def _export(contact_id: int) -> dict[str, object]:
    found = Asked.objects.filter(message__conversation__contact_id=contact_id).select_related("message")
    return {
        "asked": [
            {
                "at": asked.message.sent_at.isoformat(),
                "kind": asked.kind,
                "options": [title for title, _description in asked.options],
            }
            for asked in found.order_by("message__sent_at", "pk")
        ]
    }


def _erase(contact_id: int) -> None:
    Asked.objects.filter(message__conversation__contact_id=contact_id).delete()
