# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this room keeps, and for how long; what it holds of a citizen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from arengo.core.console import holds, personal_data, retention
from arengo.core.console.personal_data import Holding
from arengo.core.console.retention import Bounds, Held, RetentionRule
from arengo.core.models import Organization
from arengo.core.retention import periods, running
from arengo.core.scope import every_organization, organization_scope
from arengo.delivery.limits import ceilings
from arengo.delivery.models import Delivery, DeliveryState, Fanout
from arengo.delivery.retention import Gone, Times

SINGLES, MAILINGS = "delivery.singles", "delivery.mailings"
_JOB = "delivery.forget_deliveries"
_BOUNDS = Bounds(35, order=60)  # Meta tries for up to 30 days, and receipts come as long


def deliveries() -> timedelta:
    return timedelta(days=settings.ARENGO_DELIVERY_DAYS)


def times() -> Times:
    """Of all organizations, for the night's job."""
    with every_organization("retention: whose data are held, anywhere"):
        held = holds.held()
    return Times(
        days=deliveries().days,
        singles=periods.of_all(SINGLES),
        mailings=periods.of_all(MAILINGS),
        held=held.addresses,
    )


def write(gone: Gone, began: datetime) -> None:
    """What one night took away, a line for each organization and rule."""
    for organization in Organization.objects.order_by("pk").values_list("pk", flat=True):
        with organization_scope(organization):
            held = holds.held()
            for name, counter, counts in (
                (SINGLES, gone.singles, _Singles()),
                (MAILINGS, gone.mailings, _Mailings()),
            ):
                before = periods.cutoff(retention.rule(name))
                back = counts.held_back(before, held, most=running.MOST_COUNTED)
                running.write(name, organization, began=began, gone=counter[organization], held_back=back)


class _Singles:
    """Single messages of the scope that still know their address."""

    def count(self, before: datetime, held: Held, *, most: int) -> int:
        over = self._over(before)
        free = over.exclude(address_hash__in=list(held.addresses)) if held.addresses else over
        return free.order_by("created_at").values("pk")[:most].count()

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        if not held.addresses:
            return 0
        return self._over(before).filter(address_hash__in=list(held.addresses)).values("pk")[:most].count()

    def oldest(self) -> datetime | None:
        found: datetime | None = (
            self._all().order_by("created_at").values_list("created_at", flat=True).first()
        )
        return found

    def _over(self, before: datetime) -> QuerySet[Delivery]:
        return self._all().filter(created_at__lt=before, state__gt=DeliveryState.UNCERTAIN)

    def _all(self) -> QuerySet[Delivery]:
        found: QuerySet[Delivery] = Delivery.objects.filter(fanout=None).exclude(address_sealed=b"")
        return found


class _Mailings:
    """Mailings of the scope whose recipients are still known: there are few, and each says how many it went to."""

    def count(self, before: datetime, held: Held, *, most: int) -> int:
        over = self._over(before).filter(forgotten_at=None).aggregate(sum=Sum("total"))["sum"] or 0
        return min(int(over), most)

    def held_back(self, before: datetime, held: Held, *, most: int) -> int:
        if not held.addresses:
            return 0
        over = list(self._over(before).values_list("pk", flat=True))
        kept = Delivery.objects.filter(fanout__in=over, address_hash__in=list(held.addresses))
        return kept.values("pk")[:most].count()

    def oldest(self) -> datetime | None:
        kept = self._all().filter(forgotten_at=None)
        found: datetime | None = kept.aggregate(first=Min("created_at"))["first"]
        return found

    def _over(self, before: datetime) -> QuerySet[Fanout]:
        late = Q(last_accepted_at=None) | Q(last_accepted_at__lt=before)
        return self._all().filter(late, n_waiting=0, created_at__lt=before)

    def _all(self) -> QuerySet[Fanout]:
        found: QuerySet[Fanout] = Fanout.objects.filter(emptied_at=None)
        return found


def register() -> None:
    # Rows are found by address (cancellation.py); what was said in a conversation is handed out by the desk.
    personal_data.register(Holding("delivery", _("che cosa le è stato inviato, e con quale esito")))
    retention.register(
        RetentionRule(
            MAILINGS,
            _("a chi è andato un invio alla lista, e con quale esito per ciascuno"),
            _("si cancella; restano i totali e i motivi di ciò che non è riuscito"),
            lasts=deliveries,
            setting="ARENGO_DELIVERY_DAYS",
            job=_JOB,
            bounds=_BOUNDS,
            counts=_Mailings(),
        ),
        RetentionRule(
            SINGLES,
            _("destinatario e testo di un singolo messaggio nella coda degli invii"),
            _("si cancellano; resta l’esito, che la conversazione mostra"),
            lasts=deliveries,
            setting="ARENGO_DELIVERY_DAYS",
            job=_JOB,
            bounds=_BOUNDS,
            counts=_Singles(),
        ),
        RetentionRule(
            "delivery.people_of_a_day",
            _(
                "chi ha scritto e a chi si è scritto di recente, per il limite di persone al giorno: impronte dei numeri"
            ),
            _("si cancella"),
            because=_("Il limite delle piattaforme conta un giorno."),
            lasts=lambda: ceilings.PEOPLE_KEPT,
            job=_JOB,
        ),
        RetentionRule(
            "delivery.evidence",
            _("in quale secondo è partito ogni messaggio, per capire che cosa è successo a quelli incerti"),
            _("si cancella"),
            because=_("Dopo, un esito incerto non si chiarisce più."),
            lasts=lambda: ceilings.ACCEPTANCES_KEPT,
            job=_JOB,
        ),
    )
