# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everybody is asked: one mailing a number, filled a thousand people at a time, each thousand in one transaction.

Killed at any moment it goes on with the next: a person is in the mailing once (the outbox sees to it), and is noted as
asked once (the database sees to it).
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import translation

from arengo.audience.renewals import estimating, template, verbs
from arengo.audience.renewals.models import Renewal, RenewalMailing
from arengo.audience.renewals.sql import statement
from arengo.core import bulk
from arengo.core.scope import organization_scope
from arengo.core.sentences import joined
from arengo.core.vault import vault
from arengo.delivery.models import Fanout, Sender, Urgency
from arengo.delivery.queue import outbox
from arengo.delivery.templates.fitting import Unfit
from arengo.platforms.contract import Address

CHUNK = 1000  # people between two looks at whether somebody stopped it
_LANGUAGE = "it"  # of the templates' words
_State = Renewal.State


class Unsendable(Exception):
    """The question cannot be sent through a number; ``words``: why, for staff."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def run(organization_id: int, pk: int) -> None:
    """The job. A number that cannot ask any more holds it up, and says why: an administrator goes on or stops."""
    with organization_scope(organization_id):
        for sender in Sender.objects.order_by("pk"):
            try:
                mailing = _opened(pk, sender)
                if mailing is not None and not _fill(pk, mailing):
                    return
            except Unsendable as refused:
                Renewal.objects.filter(pk=pk, state=_State.ASKING).update(problem=refused.words)
                return
        Renewal.objects.filter(pk=pk, state=_State.ASKING).update(state=_State.ASKED, problem="")


def _opened(pk: int, sender: Sender) -> RenewalMailing | None:
    """Its mailing through this number, opened once; None where nobody is on the list there, or it was stopped. Locks the renewal."""
    with transaction.atomic():
        try:
            renewal = verbs.held(pk, _State.ASKING)
        except verbs.NotNow:
            return None
        found: RenewalMailing | None = (
            RenewalMailing.objects.select_related("fanout__sender")
            .filter(renewal=renewal, sender=sender)
            .first()
        )
        if found is not None or not estimating.meant(sender).count():
            return found
        carrier = template.carrier(sender, renewal.then)
        if isinstance(carrier, Unfit):
            raise Unsendable(carrier.words)
        with translation.override(_LANGUAGE):
            outgoing, text = template.question(renewal, renewal.organization, carrier)
        try:
            fanout = outbox.open_fanout(
                sender,
                outgoing,
                urgency=Urgency.NEWS,
                price_category=(carrier.category if carrier is not None else "message").lower(),
                topic="",
                due_at=renewal.started_at,
            )
        except outbox.UnfitMessage as unfit:
            raise Unsendable(joined(unfit.problems)) from unfit
        made: RenewalMailing = RenewalMailing.objects.create(
            organization_id=renewal.organization_id, renewal=renewal, sender=sender, fanout=fanout, text=text
        )
        return made


def _fill(pk: int, mailing: RenewalMailing) -> bool:
    """False when somebody stopped it."""
    if mailing.fanout.filled_at is not None:
        return True
    left = estimating.meant(mailing.sender).addresses()
    while addresses := list(islice(left, CHUNK)):
        if not ask_some(pk, mailing, addresses):
            return False
    outbox.close_fanout(mailing.fanout)
    return True


def ask_some(pk: int, mailing: RenewalMailing, addresses: list[Address]) -> bool:
    """Those of these people who are meant get the message and are noted as asked, in one transaction. False when it was stopped.

    Locks the renewal, so that who stops it waits for this, or this sees it.
    """
    with transaction.atomic():
        try:
            renewal = verbs.held(pk, _State.ASKING)
        except verbs.NotNow:
            return False
        sender = mailing.sender
        hashes = [vault().lookup_on(*address.key(sender.platform)) for address in addresses]
        values: dict[str, Any] = {
            "organization": renewal.organization_id,
            "platform": sender.platform,
            "renewal": renewal.pk,
            "policy": renewal.policy_id,
            "published": renewal.policy.published_at,
            "mailing": mailing.pk,
            "fanout": mailing.fanout_id,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement("meant"), {**values, "hashes": bulk.array("bytea", hashes)})
            places = [int(place) - 1 for (place,) in cursor.fetchall()]
            if not places:
                return True
            fanout = Fanout.objects.select_related("sender").get(pk=mailing.fanout_id)
            outbox.fill(fanout, [addresses[place] for place in places])
            chosen = bulk.array("bytea", [hashes[place] for place in places])
            cursor.execute(statement("note_asked"), {**values, "hashes": chosen})
            Renewal.objects.filter(pk=pk).update(asked=F("asked") + cursor.rowcount)
    return True
