# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of who chose what, and for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience.topics import verbs
from arengo.audience.topics.models import Change, Choosing
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding, Parts
from arengo.core.console.retention import NIGHTLY, RetentionRule
from arengo.core.retention.aging import Aging


def hand_out(contact_id: int) -> Parts:
    found = Choosing.objects.filter(identity__contact=contact_id).select_related("key").order_by("at", "pk")
    return {
        "choices": [
            {
                "at": one.at.isoformat(),
                "way": one.way,
                "topics_added": one.detail.added,
                "topics_removed": one.detail.removed,
                "all_topics": one.detail.all_topics,
                "quarters_added": one.detail.added_quarters,
                "quarters_removed": one.detail.removed_quarters,
                "whole_town": one.detail.whole_town,
                "frequency": one.detail.after or "everything",
                "text": one.text,
                "message_id": one.message_id,
            }
            for one in found
        ]
    }


def register() -> None:
    personal_data.register(
        Holding("audience_topics", _("che cosa ha scelto di ricevere, e quando"), export=hand_out)
    )
    retention.register(
        RetentionRule(
            "audience.choices",
            _("registro delle scelte di temi, quartieri e frequenza"),
            _("resta: chi è cancellato non vi ha più nome"),
        ),
        RetentionRule(
            "audience.topic_changes",
            _("chi è passato da un tema o quartiere a un altro, quando è stato tolto o unito"),
            _("si cancella: serve solo ad annullare"),
            lasts=lambda: verbs.UNDO_FOR,
            job=NIGHTLY,
            because=_("È il tempo in cui si può annullare."),
            forgets=Aging(Change.objects.all, at="at", at_once=5),
        ),
    )
