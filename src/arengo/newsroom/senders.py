# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The numbers from which the newsroom may write."""

from __future__ import annotations

from arengo.delivery.models import Sender
from arengo.newsroom.drafts import Draft


def senders() -> list[Sender]:
    """Through which the list is reached: the working ones first."""
    return sorted(Sender.objects.all(), key=lambda sender: (sender.state != Sender.State.ACTIVE, sender.pk))


def sender_of(draft: Draft) -> Sender | None:
    """The chosen one; where nobody chose, the first."""
    known = senders()
    chosen = next((sender for sender in known if sender.pk == draft.sender_id), None)
    return chosen or (known[0] if known else None)
