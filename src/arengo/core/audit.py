# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of who did what to whom."""

from __future__ import annotations

from typing import Any

from django.db import models

from arengo.core.models import AuditEntry, Organization, Person


def record(
    verb: str,
    *,
    organization: Organization | int,
    by: Person | None,
    on: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry, in the caller's transaction: it stands exactly when the deed does.

    ``verb`` is ``room.deed`` (``desk.took``, ``audience.erased``). ``by`` None means Arengo itself. ``detail`` must
    hold no personal data of citizens.
    """
    return AuditEntry.objects.create(
        organization_id=organization if isinstance(organization, int) else organization.pk,
        person=by,
        person_label=str(by) if by else "Arengo",
        verb=verb,
        object_type=on._meta.label if on is not None else "",  # noqa: SLF001  # Django documents _meta
        object_id=str(on.pk) if on is not None else "",
        detail=detail or {},
    )
