# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the console shows of joins that wait: on the card, and how many in the overview. They are no subscribers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from arengo.audience.attention import Point
from arengo.audience.double_opt_in.models import Pending
from arengo.audience.models import Contact
from arengo.core.screens import Screen


@dataclass(frozen=True)
class PendingPanel(Screen):
    at: datetime
    expires_at: datetime


def panel(_request: HttpRequest, contact: Contact) -> PendingPanel | None:
    rows = Pending.objects.filter(identity__contact=contact, expires_at__gt=timezone.now())
    row = rows.order_by("-at").first()
    return PendingPanel(row.at, row.expires_at) if row is not None else None


def waiting() -> int:
    return Pending.objects.filter(expires_at__gt=timezone.now()).count()


def point() -> Point | None:
    """For the overview of the list."""
    many = waiting()
    if not many:
        return None
    words = ngettext(
        "%(count)s persona in attesa di conferma", "%(count)s persone in attesa di conferma", many
    )
    return Point(
        "clock",
        words % {"count": number_format(many, use_l10n=True, force_grouping=True)},
        _("Non sono iscritte, e non ricevono niente: lo saranno quando rispondono sì."),
        reverse("settings:terms"),
    )
