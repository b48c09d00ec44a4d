# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of what is to be followed up today."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.desk.lists import listing
from arengo.desk.lists.listing import Listing, Order
from arengo.desk.models import Conversation


def _due(_person: Person) -> Q:
    """Their day is today or has passed, and nobody followed them up."""
    return Q(
        state=Conversation.State.OPEN,
        follow_up__organization=F("organization"),
        follow_up__done_at__isnull=True,
        follow_up__day__lte=timezone.localdate(),
    )


TODAY = Listing(
    "follow_up",
    "da-seguire",
    _("Da seguire oggi"),
    _("Niente da seguire oggi. «Da seguire un altro giorno», nella scheda del cittadino, sceglie il giorno."),
    120,
    _due,
    (Order.OLDEST, Order.NEWEST),
    at="follow_up__day",
    counted=True,
)


def register() -> None:
    listing.register(TODAY)
