# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each mailing is looked at once, two days after it left: which people it did not reach.

A refusal counts whose meaning is that nobody is at that address any more (``TellsGone``), and, where the platform tells what
becomes of a message, one of which it told nothing. A mailing in which many were missed speaks of the platform's day, not of
the numbers, and counts for nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from arengo.audience.unreached.models import Checked
from arengo.audience.unreached.sql import statement
from arengo.core import bulk
from arengo.core.models import Organization
from arengo.delivery.models import Delivery, Fanout
from arengo.platforms.contract import TellsGone
from arengo.platforms.registry import platform

SETTLED = timedelta(hours=48)  # after the last one left: most receipts are there
OLDEST = timedelta(days=60)  # what was sent before is no news
MOST_MAILINGS = 50  # of one organization in one run; the next run goes on
_FEW = 5


def due() -> QuerySet[Fanout]:
    """Mailings of the scope's organization that are to be looked at, the oldest first."""
    now = timezone.now()
    mailings = Fanout.objects.filter(
        filled_at__isnull=False, emptied_at__isnull=True, forgotten_at__isnull=True, n_waiting=0, total__gt=0
    ).exclude(pk__in=Checked.objects.values("fanout"))
    sent = mailings.annotate(at=Coalesce(F("last_accepted_at"), F("created_at")))
    found: QuerySet[Fanout] = sent.filter(at__lt=now - SETTLED, at__gt=now - OLDEST).order_by("at", "pk")
    return found


def believable(total: int, missed: int) -> bool:
    """Of many a tenth at most, of few the half: else it is the platform that did not deliver."""
    return missed * 10 <= total or (missed <= _FEW and missed * 2 <= total)


@transaction.atomic
def look_at(organization: Organization, fanout: Fanout) -> Checked | None:
    """Counts whom this mailing missed. None where somebody else has looked meanwhile.

    Writes what is held against each, in the order of the people; nobody leaves here.
    """
    speaks = platform(fanout.sender.platform)
    mailed_at = fanout.last_accepted_at or fanout.created_at
    checked: Checked
    checked, new = Checked.objects.get_or_create(
        fanout=fanout,
        defaults={"mailed_at": mailed_at, "total": fanout.total, "missed": 0, "counts": False},
    )
    if not new:
        return None
    gone = _gone_codes(fanout) if isinstance(speaks, TellsGone) else []
    kinds = [("which_gone", 1)] if gone else []
    if speaks.can.receipts and fanout.n_delivered:  # of none at all it would say that receipts do not come
        kinds.append(("which_silent", 0))
    values: dict[str, Any] = {
        "fanout": fanout.pk,
        "gone": bulk.array("integer", gone),
        "organization": organization.pk,
        "platform": fanout.sender.platform,
        "zone": str(organization.zone),
        "at": mailed_at,
    }
    with connection.cursor() as cursor:
        for which, _invalid in kinds:
            cursor.execute(statement("missed", which=statement(which)), values)
            checked.missed += int(cursor.fetchone()[0])
        checked.counts = believable(checked.total, checked.missed)
        checked.save(update_fields=["missed", "counts"])
        if checked.counts:
            for which, invalid in kinds:
                cursor.execute(statement("raise", which=statement(which)), {**values, "invalid": invalid})
    return checked


def _gone_codes(fanout: Fanout) -> list[int]:
    speaks = platform(fanout.sender.platform)
    failed = Delivery.objects.filter(fanout=fanout, failed_at__isnull=False)
    codes = failed.order_by("code").values_list("code", flat=True).distinct()
    return [code for code in codes if isinstance(speaks, TellsGone) and speaks.is_gone(code)]


def forgive(organization: Organization) -> None:
    """Of people who were reached after all, wrote, or left, nothing is held against them any more."""
    with connection.cursor() as cursor:
        cursor.execute(statement("reached"), {"organization": organization.pk})
