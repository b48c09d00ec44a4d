# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two identities were one person: their requests and objections come together. In the audience's transaction."""

from __future__ import annotations

from arengo.audience.events import IdentitiesMerged
from arengo.audience.rights.models import Objection, RightsRequest
from arengo.core.events import Batch


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    for event in batch.events:
        for model in (Objection, RightsRequest):
            model.objects.filter(contact=event.gone_contact_id).update(contact=event.kept_contact_id)
