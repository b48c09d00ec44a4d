# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People leave because mailings do not reach them, and come back with a press; too many at once stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from arengo.audience import consent, restoring, standing
from arengo.audience.consent import Words
from arengo.audience.models import Consent, Identity, Subscription
from arengo.audience.reasons import BY_RULE, Reason
from arengo.audience.unreached import counting
from arengo.audience.unreached.models import Miss, UnreachedRule
from arengo.core import audit
from arengo.core.models import Organization, Person

AT_LEAST = 5  # people may leave on one day, however short the list is
SHARE = 50  # one in so many of the list may leave on one day
SILENT_FOR = timedelta(days=30)  # so long the platform goes on trying: sooner nobody was «never reached»
MOST_TIMES = 50
_BATCH = 500


class NotNow(Exception):
    """It cannot be done, and why, in words for who pressed."""


def rule() -> UnreachedRule:
    """The organization's, or the usual one, not stored."""
    found: UnreachedRule = UnreachedRule.objects.first() or UnreachedRule()
    return found


def due(own: UnreachedRule, now: datetime) -> QuerySet[Miss]:
    """Those that would leave by the rule."""
    invalid = Q(invalid__gte=own.invalid_after) if own.invalid_after else Q(pk__in=[])
    silent = Q(times__gte=own.unreached_after, first_at__lte=now - SILENT_FOR)
    return Miss.objects.filter(invalid | (silent if own.unreached_after else Q(pk__in=[])))


def ceiling() -> int:
    """How many may leave on one day."""
    return max(AT_LEAST, Subscription.objects.filter(active=True).count() // SHARE)


def left_today(organization: Organization, now: datetime) -> int:
    midnight = datetime.combine(now.astimezone(organization.zone).date(), time(), organization.zone)
    gone = Consent.objects.filter(action=Consent.Action.WITHDRAWN, effective=True, reason__in=BY_RULE)
    return gone.filter(at__gte=midnight).count()


def run(organization: Organization) -> None:
    """Looks at the mailings that are due, then lets go all those who are to leave or, if they are too many for a day, nobody.

    Inside the organization's scope.
    """
    looked = [
        counting.look_at(organization, fanout)
        for fanout in counting.due().select_related("sender")[: counting.MOST_MAILINGS]
    ]
    if not looked and not UnreachedRule.objects.filter(kept_back__gt=0).exists():
        return
    counting.forgive(organization)
    now = timezone.now()
    own, _new = UnreachedRule.objects.get_or_create()
    many = due(own, now).count()
    kept_back = many if many and many + left_today(organization, now) > ceiling() else 0
    UnreachedRule.objects.filter(pk=own.pk).update(kept_back=kept_back)
    if many and not kept_back:
        let_go(own)


def let_go(own: UnreachedRule, *, by: Person | None = None) -> int:
    """All that are due leave, in batches of one transaction each. ``by``: who pressed, where they were too many.

    Returns how many left. One line of the log.
    """
    now, left = timezone.now(), 0
    while batch := list(due(own, now).order_by("pk")[:_BATCH]):
        left += _leave(batch, own, now, by)
    if left:
        audit.record(
            "audience.left_unreached",
            organization=own.organization_id,
            by=by,
            on=own,
            detail={"count": left},
        )
    UnreachedRule.objects.filter(pk=own.pk).update(kept_back=0)
    return left


@transaction.atomic
def _leave(batch: Sequence[Miss], own: UnreachedRule, now: datetime, by: Person | None) -> int:
    """Locks the people by id, as ``consent.say``. Those who left meanwhile are passed over; what was held against all goes."""
    told = {miss.identity_id for miss in batch if own.invalid_after and miss.invalid >= own.invalid_after}
    people = list(
        Identity.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__among=[miss.identity_id for miss in batch], subscription__active=True)
        .select_related("contact")
        .order_by("pk")
    )
    consent.say(
        [
            Words(
                person,
                Consent.Action.WITHDRAWN,
                now,
                Consent.Source.RULE,
                by=by,
                reason=Reason.INVALID if person.pk in told else Reason.NEVER_REACHED,
            )
            for person in people
        ]
    )
    Miss.objects.filter(pk__in=[miss.pk for miss in batch]).delete()
    return len(people)


@transaction.atomic
def stay(own: UnreachedRule, *, by: Person) -> int:
    """All that are due stay on the list, and are counted from zero. Returns how many."""
    kept, _each = due(own, timezone.now()).delete()
    UnreachedRule.objects.filter(pk=own.pk).update(kept_back=0)
    audit.record(
        "audience.kept_unreached", organization=own.organization_id, by=by, on=own, detail={"count": kept}
    )
    return kept


@transaction.atomic
def put_back(row: Consent, *, by: Person) -> Identity:
    """Undoes what the rule did, if nothing was said since: the subscription stands as before, with its day and its choices.

    Locks the person. NotNow, in words: they left by themselves meanwhile, or came back, or were erased; or it was no rule.
    """
    if row.reason not in BY_RULE:
        raise NotNow(_("Qui torna indietro solo ciò che ha fatto la regola."))
    person: Identity | None = (
        Identity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("contact", "organization")
        .filter(pk=row.identity_id)
        .first()
    )
    if person is None:
        raise NotNow(_("I dati di questa persona sono stati eliminati: non c’è più nessuno da rimettere."))
    latest = latest_word(person)
    before = Subscription.objects.filter(identity=person).first()
    if before is None or standing.is_listed(before):
        raise NotNow(_("È già nella lista."))
    if before.replaced_by_id is not None:
        raise NotNow(
            _("Nel frattempo ha collegato questa chat a un’altra: può tornare solo con un suo messaggio.")
        )
    if latest is None or latest.pk != row.pk:
        raise NotNow(_("Nel frattempo si è cancellata da sé: può tornare solo con un suo messaggio."))
    with translation.override(person.organization.language):
        restoring.restore({person: row}, _put_back_words, by=by)
    Miss.objects.filter(identity=person).delete()
    audit.record("audience.put_back", organization=person.organization_id, by=by, on=person.contact)
    return person


def restorable(rows: Sequence[Consent]) -> set[int]:
    """Those of these consents that are still the last that is known of their people."""
    people = {row.identity_id for row in rows if row.identity_id}
    words = Consent.objects.filter(identity__in=people).exclude(reason=Reason.MERGED)
    latest = words.order_by("identity", "-at", "-pk").distinct("identity").values_list("pk", flat=True)
    return {row.pk for row in rows} & set(latest)


def latest_word(person: Identity) -> Consent | None:
    """The last that is known of them."""
    return restoring.latest_words([person]).get(person.pk)


def _put_back_words(given: datetime, left: datetime) -> str:
    return _(
        "Rimessa nella lista: ne era uscita il %(left)s perché gli invii non arrivavano. Vale il consenso del %(given)s."
    ) % {"left": restoring.day(left), "given": restoring.day(given)}
