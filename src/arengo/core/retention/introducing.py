# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""For migrations that bring a rule by which data go that stayed until then: who has data already is told before they go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

_TOLD = timedelta(days=30)


def for_who_was_there(rule: str, *, days: int, most: int) -> Callable[[Any, Any], None]:
    """``RunPython``: an organization that exists keeps ``most`` days for a month, then ``days``, unless it decides otherwise."""

    def write(apps: Any, _schema: Any) -> None:
        period = apps.get_model("core_retention", "RetentionPeriod")
        organizations = apps.get_model("core", "Organization").objects.values_list("pk", flat=True)
        period.unscoped.bulk_create(
            [
                period(
                    organization_id=pk,
                    rule=rule,
                    days=most,
                    next_days=days,
                    next_from=timezone.now() + _TOLD,
                )
                for pk in organizations
            ],
            ignore_conflicts=True,
        )

    return write
