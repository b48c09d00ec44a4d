# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last day is over: what was chosen becomes of who did not answer, five hundred people at a time; and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from arengo.audience import consent, restoring
from arengo.audience.consent import Words
from arengo.audience.models import Consent, Identity
from arengo.audience.reasons import Reason
from arengo.audience.renewals import verbs
from arengo.audience.renewals.models import Asking, Renewal
from arengo.audience.renewals.verbs import NotNow
from arengo.core import audit, bulk
from arengo.core.models import Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, DeliveryState
from arengo.platforms.registry import platform

BATCH = 500
IN_TIME = timedelta(days=3)  # who has the question for less before the end stays: they had no time
_ARRIVED = (DeliveryState.DELIVERED, DeliveryState.READ)
_TAKEN = (DeliveryState.ACCEPTED, DeliveryState.SENT, *_ARRIVED)
_State = Renewal.State


def begin_due(now: datetime) -> None:
    """Renewals of the scope's organization whose last day is over: those where everybody stays end, the others begin to close.

    One that could not ask everybody ends likewise; who was asked too late, or not at all, stays.
    """
    due = Renewal.objects.filter(state__in=[_State.ASKING, _State.ASKED], until__lt=now)
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            try:
                renewal = verbs.held(pk, _State.ASKING, _State.ASKED)
            except NotNow:  # somebody stopped it at this moment
                continue
            renewal.problem = ""
            if renewal.then == Renewal.Then.STAY:
                verbs.end(renewal, _State.CLOSED)
                continue
            renewal.state, renewal.tries = _State.CLOSING, 0
            renewal.save(update_fields=["state", "tries", "problem"])
            verbs.defer(verbs.CLOSE, renewal)


def run(organization_id: int, pk: int) -> None:
    with organization_scope(organization_id):
        while close_batch(pk):
            pass


def close_batch(pk: int) -> bool:
    """The next people who did not answer; whether there may be more. Each leaves, or is noted as not reached, in this transaction.

    Locks the renewal, then the people by id, as ``consent.say`` does: an answer at this moment waits, or was first.
    """
    with transaction.atomic():
        try:
            renewal = verbs.held(pk, _State.CLOSING)
        except NotNow:
            return False
        waiting = Asking.objects.filter(renewal=renewal, state=Asking.State.WAITING)
        batch = list(waiting.order_by("pk")[:BATCH])
        if not batch:
            _close(renewal)
            return False
        people = _locked([asking.identity_id for asking in batch])
        # Their state once more: who answered while the lock was waited for.
        batch = list(waiting.filter(pk__in=[asking.pk for asking in batch]).select_related("mailing__sender"))
        reached = _reached(renewal, batch)
        silent = [one for one in batch if one.pk in reached and one.identity_id in people]
        now = timezone.now()
        steps = consent.say(
            [
                Words(
                    people[one.identity_id],
                    Consent.Action.WITHDRAWN,
                    now,
                    Consent.Source.RULE,
                    reason=Reason.UNANSWERED,
                )
                for one in silent
            ]
        )
        for one, step in zip(silent, steps, strict=True):
            one.state, one.taken_off_id = Asking.State.UNANSWERED, step.consent_id or None
        for one in batch:
            if one.state == Asking.State.WAITING:
                one.state = Asking.State.UNREACHED
        bulk.update(batch, ["state", "taken_off"])
    return True


def _locked(ids: Sequence[int]) -> dict[int, Identity]:
    """By id, those who are on the list."""
    people = (
        Identity.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__among=ids, subscription__active=True)
        .select_related("contact", "organization")
        .order_by("pk")
    )
    return {person.pk: person for person in people}


def _reached(renewal: Renewal, batch: Sequence[Asking]) -> set[int]:
    """Those who had the question in time, as far as the platform tells."""
    latest = renewal.until - IN_TIME
    rows = {
        pk: (state, delivered or accepted)
        for pk, state, accepted, delivered in Delivery.objects.filter(
            pk__among=[one.delivery_id for one in batch]
        ).values_list("pk", "state", "accepted_at", "delivered_at")
    }
    found = set()
    for one in batch:
        state, at = rows.get(one.delivery_id, (DeliveryState.FAILED, None))
        arrived = _ARRIVED if platform(one.mailing.sender.platform).can.receipts else _TAKEN
        if state in arrived and at is not None and at <= latest:
            found.add(one.pk)
    return found


def _close(renewal: Renewal) -> None:
    verbs.end(renewal, _State.CLOSED)
    audit.record(
        "audience.left_unanswered",
        organization=renewal.organization_id,
        by=None,
        on=renewal,
        detail={"count": (renewal.counted or {}).get(Asking.State.UNANSWERED, 0)},
    )


# --- back ---------------------------------------------------------------------------------------------------------


def run_restoring(organization_id: int, pk: int) -> None:
    with organization_scope(organization_id):
        while restore_batch(pk):
            pass


def restore_batch(pk: int) -> bool:
    """The next people who left for not answering; whether there may be more. Locks the renewal, then the people by id."""
    with transaction.atomic():
        try:
            renewal = verbs.held(pk, _State.RESTORING)
        except NotNow:
            return False
        batch = list(
            Asking.objects.filter(renewal=renewal, state=Asking.State.UNANSWERED).order_by("pk")[:BATCH]
        )
        if not batch:
            verbs.end(renewal, _State.RESTORED)
            return False
        _put_back(batch, renewal, renewal.restored_by or renewal.by)
    return True


@transaction.atomic
def put_back(pk: int, *, by: Person) -> Asking:
    """One of them. NotNow, in words: they said something since, the thirty days are over."""
    found: Asking | None = (
        Asking.objects.select_related("renewal__policy", "renewal__organization", "identity__contact")
        .filter(pk=pk)
        .first()
    )
    if found is None or not is_restorable(found):
        raise NotNow(
            _("Non si può più tornare indietro: sono passati i 30 giorni, o non è uscita per questo.")
        )
    _put_back([found], found.renewal, by)
    if found.state != Asking.State.RESTORED:
        raise NotNow(_("Nel frattempo ha detto altro: può tornare solo con un suo messaggio."))
    audit.record("audience.put_back", organization=found.organization_id, by=by, on=found.identity.contact)
    return found


def is_restorable(asking: Asking) -> bool:
    over = asking.renewal.ended_at
    return (
        asking.state == Asking.State.UNANSWERED
        and over is not None
        and over + verbs.RESTORABLE > timezone.now()
    )


def _put_back(batch: Sequence[Asking], renewal: Renewal, by: Person) -> None:
    """Those whose last word is that they did not answer; the others left, or are back, by their own."""
    people = {
        person.pk: person
        for person in Identity.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__among=[one.identity_id for one in batch])
        .select_related("contact", "organization")
        .order_by("pk")
    }
    off = set(
        Identity.objects.filter(pk__among=list(people), subscription__active=False).values_list(
            "pk", flat=True
        )
    )
    latest = restoring.latest_words(list(people.values()))
    rows = {}
    for one in batch:
        row = latest.get(one.identity_id)
        back = one.identity_id in off and row is not None and row.pk == one.taken_off_id
        one.state = Asking.State.RESTORED if back else Asking.State.LEFT
        if back and row is not None:
            rows[people[one.identity_id]] = row
    with translation.override(renewal.organization.language):
        restoring.restore(rows, _put_back_words, by=by)
    bulk.update(list(batch), ["state"])


def _put_back_words(given: datetime, left: datetime) -> str:
    return _(
        "Rimessa nella lista: ne era uscita il %(left)s perché non aveva risposto alla richiesta di conferma. Vale ciò che ha detto il "
        "%(given)s."
    ) % {"left": restoring.day(left), "given": restoring.day(given)}
