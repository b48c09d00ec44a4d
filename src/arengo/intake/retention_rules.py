# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from arengo.core.console import personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import Bounds, Held, RetentionRule
from arengo.core.models import Organization
from arengo.core.retention import periods, running
from arengo.core.scope import current_organization_id, organization_scope
from arengo.intake import silence
from arengo.intake.models import Journal

WEBHOOKS = "intake.webhooks"


def webhooks() -> timedelta:
    return timedelta(days=settings.ARENGO_JOURNAL_DAYS)


def by_sender() -> dict[int, int]:
    """Sender's id → days, of every organization."""
    days = periods.of_all(WEBHOOKS)
    return {pk: days[organization] for pk, organization in _senders().items()}


def write(gone: Mapping[int, int], began: datetime) -> None:
    """What one night took away, for each organization: ``gone`` is by sender."""
    of = _senders()
    counts = dict.fromkeys(Organization.objects.values_list("pk", flat=True), 0)
    for sender, count in gone.items():
        if sender in of:  # a sender that was taken away since is nobody's
            counts[of[sender]] += count
    for organization, count in counts.items():
        with organization_scope(organization):
            running.write(WEBHOOKS, organization, began=began, gone=count)


def _senders() -> dict[int, int]:
    """Each sender's organization. Their room stands beside this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, organization_id FROM delivery_sender")
        return dict(cursor.fetchall())


class _Webhooks:
    """Of the scope's organization. Nobody is held here: sealed bodies are nobody's until they are opened."""

    def count(self, before: datetime, held: Held, *, most: int) -> int:
        """By age alone, as they go (forget_journal.sql): what waits to be read for so long is next to nothing."""
        over = self._all().filter(received_at__lt=before)
        return over.order_by("received_at").values("pk")[:most].count()

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        return 0

    def oldest(self) -> datetime | None:
        found: datetime | None = (
            self._all().order_by("received_at").values_list("received_at", flat=True).first()
        )
        return found

    def _all(self) -> QuerySet[Journal]:
        own = current_organization_id()
        return Journal.objects.filter(
            sender_id__in=[pk for pk, organization in _senders().items() if organization == own]
        )


def register() -> None:
    # Rows are found by address (scrubbing.py); what they say is handed out by the rooms that it went to.
    personal_data.register(Holding("intake", _("i messaggi e le ricevute come sono arrivati, cifrati")))
    retention.register(
        RetentionRule(
            WEBHOOKS,
            _("i messaggi e le ricevute come sono arrivati, cifrati"),
            _("si cancellano: servono solo a riparare un guasto. Un blocco non li trattiene"),
            lasts=webhooks,
            setting="ARENGO_JOURNAL_DAYS",
            job="intake.forget_webhooks",
            bounds=Bounds(8, order=70),  # Meta repeats a webhook for 7 days
            counts=_Webhooks(),
        ),
        RetentionRule(
            "intake.gaps",
            _(
                "quanto durano di solito le pause di un numero: ore, lunghezze, quante; di nessuno in particolare"
            ),
            _("si cancellano"),
            because=_("Tanto serve a dire se un numero tace più del solito."),
            lasts=lambda: timedelta(days=silence.DAYS),
            job="intake.watch_silences",
        ),
    )
