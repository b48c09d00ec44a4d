# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People on a list who are asked to accept a new version of the texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from arengo.audience.models import Identity, Policy
from arengo.audience.policies import publish_policy
from arengo.audience.renewals import asking, closing, template, verbs
from arengo.audience.renewals.models import Asking, Renewal
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, MessageTemplate, Sender
from tests.factories.audience import citizen, consented
from tests.factories.delivery import decide, keep_template

BEFORE = timedelta(days=300)  # ago, people joined


def listed(sender: Sender, count: int) -> list[Identity]:
    """So many people, on the list since last year."""
    found = [citizen(f"Persona {number} Esempio") for number in range(count)]
    for person in found:
        consented(person, sender, when=timezone.now() - BEFORE)
    return found


def approve(sender: Sender) -> None:
    """The platform has both templates, as we would make them today."""
    for preset in template.PRESETS.values():
        if not MessageTemplate.objects.filter(sender=sender, name=preset.name).exists():
            keep_template(sender, preset)


def new_version(kind: str = "privacy", by: Person | None = None) -> Policy:
    return publish_policy(kind, "Il testo nuovo, per intero.", "Il testo nuovo, breve.", by)


def ask_everybody(
    organization: Organization, sender: Sender, by: Person, then: str = Renewal.Then.LEAVE, days: int = 30
) -> Renewal:
    """A new version, and everybody has its question on their phone."""
    approve(sender)
    last_day = timezone.localdate() + timedelta(days=days)
    renewal = verbs.start(organization, new_version(), last_day, then, by=by)
    asking.run(organization.pk, renewal.pk)
    renewal.refresh_from_db()
    return renewal


def arrived(people: Sequence[Identity]) -> None:
    """Receipts for what these people were sent."""
    rows = Delivery.objects.filter(pk__in=Asking.objects.filter(identity__in=people).values("delivery_id"))
    decide(rows, DeliveryState.DELIVERED)


def end(renewal: Renewal) -> None:
    """Its last day was yesterday, and what is done then is done."""
    Renewal.objects.filter(pk=renewal.pk).update(until=timezone.now() - timedelta(seconds=1))
    rows = Delivery.objects.filter(pk__in=Asking.objects.filter(renewal=renewal).values("delivery_id"))
    rows.filter(delivered_at__isnull=False).update(delivered_at=timezone.now() - timedelta(days=20))
    closing.begin_due(timezone.now())
    closing.run(renewal.organization_id, renewal.pk)
    renewal.refresh_from_db()


def of_renewals(organization: Organization, sender: Sender, by: Person) -> None:
    """One that is over, by which somebody left who may be put back, and one that is open."""
    person = listed(sender, 1)
    over = ask_everybody(organization, sender, by)
    arrived(person)
    end(over)
    listed(sender, 1)
    ask_everybody(organization, sender, by)
