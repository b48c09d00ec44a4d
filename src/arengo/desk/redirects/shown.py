# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Redirects as the conversation offers them and the settings count them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from arengo.desk.redirects.models import Redirect, Redirected

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Redirects:
    """``offered``: what one press sends. ``shown``: whether there is a place for them at all."""

    offered: Sequence[Redirect]
    shown: bool

    @classmethod
    def of(cls, *, may_write: bool) -> Redirects:
        """One query, where something may be sent."""
        return cls(list(Redirect.objects.filter(active=True)) if may_write else [], may_write)


@dataclass(frozen=True)
class Line:
    redirect: Redirect
    sent: int  # in the last thirty days


def lines() -> Sequence[Line]:
    """All of the organization, with how often each was sent of late. Two queries."""
    since = timezone.now() - LATELY
    sent = counted(since, timezone.now())
    return [Line(one, sent.get(one.pk, 0)) for one in Redirect.objects.order_by("-active", "position", "id")]


def counted(since: datetime, until: datetime) -> Mapping[int, int]:
    """How many redirects were sent from ``since`` to before ``until``, by the id of the redirect."""
    found = Redirected.objects.filter(at__gte=since, at__lt=until).values("redirect").annotate(n=Count("pk"))
    return {row["redirect"]: row["n"] for row in found.order_by()}
