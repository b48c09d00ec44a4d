# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this capability keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext, gettext_lazy as _, ngettext

from arengo.audience.linking import codes, verbs
from arengo.audience.linking.models import LinkCode
from arengo.audience.linking.telling import label
from arengo.audience.models import Identity
from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Chapter, Holding, Line, Parts
from arengo.core.console.retention import RetentionRule


def _hand_out(contact_id: int) -> Parts:
    return {
        "linked_chats": [
            {
                "since": link.at.isoformat(),
                "platforms": [link.preferred.platform, link.other.platform],
                "received_on": link.preferred.platform,
            }
            for link in verbs.of_contact(contact_id)
        ]
    }


def _readable(contact_id: int) -> Iterator[Chapter]:
    found = verbs.of_contact(contact_id)
    if found:
        yield Chapter(
            gettext("Le chat che hai collegato"),
            [
                Line(
                    f"{label(link.preferred)} – {label(link.other)}",
                    gettext("Gli avvisi arrivano su %(where)s.") % {"where": label(link.preferred)},
                    link.at,
                )
                for link in found
            ],
        )


def _amounts(contact_id: int) -> Sequence[str]:
    many = len(verbs.of_contact(contact_id))
    words = ngettext(
        "%(count)d collegamento con un’altra chat", "%(count)d collegamenti con altre chat", many
    )
    return [words % {"count": many}] if many else []


def _erase(contact_id: int) -> None:
    """``privacy.erase`` undid the links before all else, so that the other chat has its own subscription again."""
    LinkCode.objects.filter(identity__contact=contact_id).delete()
    verbs.undo(Identity.objects.filter(contact=contact_id))


def register() -> None:
    personal_data.register(
        Holding(
            "audience_linking",
            _("chat collegate"),
            export=_hand_out,
            erase=_erase,
            readable=_readable,
            amounts=_amounts,
        )
    )
    retention.register(
        RetentionRule(
            "audience.link_codes",
            _("codici per collegare due chat"),
            _("si cancellano"),
            lasts=lambda: codes.VALID,
            job="audience.forget_link_codes",
        )
    )
