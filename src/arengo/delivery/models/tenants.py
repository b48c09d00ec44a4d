# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tenant of a row that is never looked for by its organization alone."""

from __future__ import annotations

from typing import Any

from django.db import models


def organization_key(*, checked: bool = True) -> models.ForeignKey[Any, Any]:
    """Without an index; unchecked where one statement writes many rows."""
    return models.ForeignKey(
        "core.Organization",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=checked,
        editable=False,
    )
