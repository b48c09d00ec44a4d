# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recipients of a draft, and of a mailing that was opened."""

from __future__ import annotations

from arengo.audience.recipients import Purpose, Recipients
from arengo.delivery.models import Fanout, Sender, Urgency
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.models import Placement

_KEPT = "recipients"  # in a placement's detail


def of_draft(draft: Draft, sender: Sender) -> Recipients:
    """An alert goes to everybody, whatever its topics and quarters."""
    kind = kinds.of(draft.kind)
    return Recipients(
        sender.pk,
        Purpose.of(marketing=kind.urgency.is_marketing),
        draft.topics,
        quarters=draft.quarters,
        frequency=kind.frequency,
    )


def kept(recipients: Recipients) -> dict[str, object]:
    """For the detail of the placement whose mailing they get."""
    return {_KEPT: recipients.as_json()}


def of_mailing(placement: Placement, fanout: Fanout) -> Recipients:
    """As they were meant when it was opened. Mailings of before there were topics went to the whole list."""
    if _KEPT in placement.detail:
        return Recipients.from_json(placement.detail[_KEPT])
    return Recipients(fanout.sender_id, Purpose.of(marketing=Urgency(fanout.urgency).is_marketing))
