# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An answer to a consent has been put on the road: it becomes a part of the proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from arengo.audience.events import Proves
from arengo.audience.proofs.models import ANSWER, Told
from arengo.core import bulk


class Answered(NamedTuple):
    """``delivery_id``: 0 of what was shown on a page. ``at``: of what was asked before; None: now."""

    proves: Proves
    text: str
    delivery_id: int
    at: datetime | None = None


def keep(organization_id: int, answered: Sequence[Answered], at: datetime) -> None:
    """In the caller's transaction, inside the organization's scope: one query, however many answers."""
    if not answered:
        return
    bulk.insert_columns(
        Told,
        len(answered),
        {
            "organization_id": organization_id,
            "consent_id": [each.proves.consent_id for each in answered],
            "key_id": [each.proves.key.pk for each in answered],
            "text_sealed": [each.proves.key.own.seal_text(each.text, purpose=ANSWER) for each in answered],
            "at": [each.at or at for each in answered],
            "delivery_id": [each.delivery_id for each in answered],
            "policy_id": [each.proves.policy_id or None for each in answered],
            "rules_id": [each.proves.rules_id or None for each in answered],
        },
    )
