# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«Sì» of who has a join to confirm: the same as the button. «No» ends what waits, as any leave does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone

from arengo.audience import obeying, questions
from arengo.audience.choices import ChoicePressed
from arengo.audience.commands import CONFIRM, LEAVE
from arengo.audience.double_opt_in.models import Pending
from arengo.audience.events import IdentitiesMerged
from arengo.audience.models import Subscription
from arengo.audience.proofs.models import Told
from arengo.audience.questions import NO, Asked, Asker, Heard
from arengo.core.events import Batch


def register() -> None:
    questions.register(Asker("double_opt_in", 10, _is_open, _said))


def _is_open() -> bool:
    return Pending.objects.filter(expires_at__gt=timezone.now()).exists()


def _asked(identities: Sequence[int]) -> Mapping[int, Asked]:
    """By identity, the latest question of those who have something to confirm. It stands in the log as the answer to their wish."""
    waiting = Pending.objects.filter(identity__among=identities, expires_at__gt=timezone.now())
    wishes = {row.consent_id: row.identity_id for row in waiting}
    told = Told.objects.filter(consent__among=list(wishes)).order_by("pk")
    return {wishes[row.consent_id]: Asked(row.at, row.delivery_id) for row in told}


def _said(batch: Batch[ChoicePressed]) -> Heard:
    ours = questions.answers(batch, _asked([event.identity.pk for event in batch.events]))
    if not ours:
        return Heard((), batch.events)
    known = {id(event) for event in ours}
    said = [replace(event, prefix=LEAVE if event.prefix == NO else CONFIRM, value="") for event in ours]
    obeyed = obeying.obey(Batch(batch.organization_id, batch.sender_id, said, batch.platform))
    return Heard(obeyed.replies, [event for event in batch.events if id(event) not in known])


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    """What either still has to confirm stays, unless the person is on the list."""
    for event in batch.events:
        kept = event.kept_identity_id
        listed = Subscription.objects.filter(identity=kept, active=True).exists()
        if listed:
            Pending.objects.filter(identity__in=[kept, event.gone_identity_id]).delete()
        elif not Pending.objects.filter(identity=kept).exists():
            Pending.objects.filter(identity=event.gone_identity_id).update(identity=kept)
