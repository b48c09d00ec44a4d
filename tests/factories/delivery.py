# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers, message templates and prices; mailings, and what became of their deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from arengo.core.models import Organization
from arengo.core.scope import organization_scope
from arengo.core.vault import vault
from arengo.delivery.limits.daily import account_of
from arengo.delivery.models import (
    MESSAGE_ID,
    Delivery,
    DeliveryState,
    Fanout,
    MessageTemplate,
    Outbox,
    OutboxState,
    Price,
    Reached,
    Sender,
    Urgency,
)
from arengo.delivery.queue import outbox
from arengo.delivery.sending import doubts
from arengo.delivery.sending.moves import Move, parameters
from arengo.delivery.sql import statement
from arengo.delivery.templates.components import components_of
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name
from arengo.platforms.contract import Address, Credentials, Template
from tests.factories.platforms import credentials as sample_credentials

NOTICE = Template("avviso", "it")
Keeps = Callable[..., MessageTemplate]
"""``keeps(preset, status="PAUSED")``: a fixture's."""


def make_sender(
    organization: Organization,
    name: str = "Comune di Esempio",
    *,
    credentials: Credentials | None = None,
    **fields: Any,
) -> Sender:
    """A number, of the sandbox's account unless another is given."""
    sender = Sender(organization=organization, name=name, **fields)
    sender.credentials = credentials or sample_credentials()
    with organization_scope(organization):  # the test may run inside another one
        sender.save()
    return sender


def make_template(sender: Sender, name: str, **fields: Any) -> MessageTemplate:
    """A template as the platform has it: approved, in Italian."""
    template: MessageTemplate = MessageTemplate.objects.create(
        **{
            "organization_id": sender.organization_id,
            "sender": sender,
            "name": name,
            "language": "it",
            "category": "MARKETING",
            "status": "APPROVED",
            **fields,
        }
    )
    return template


def keep_template(sender: Sender, preset: Preset, **fields: Any) -> MessageTemplate:
    """The template of this preset, as we would make it today."""
    return make_template(
        sender,
        fields.pop("name", preset.name),
        **{
            "template_id": str(MessageTemplate.objects.count() + 1),
            "language": preset.language,
            "category": preset.category.value,
            "parameter_format": "named",
            "components": components_of(preset, sender.organization),
            **fields,
        },
    )


def made_up(key: str = "library_due", name: str = "arengo_prestito", **more: Any) -> Preset:
    """A preset that no room has."""
    return Preset(
        **{
            "key": key,
            "name": name,
            "purpose": Purpose("library", "Prestito della biblioteca", "A chi ha un libro in scadenza.", 90),
            "category": Category.UTILITY,
            "words": lambda organization: Words(
                body=f"La biblioteca di {organization_name(organization)} aspetta il libro {{{{titolo}}}} entro il termine.",
                footer="Biblioteca comunale",
                replies=("Prolunga",),
            ),
            "examples": {"titolo": "I promessi sposi"},
            "choices": ("library:extend",),
            **more,
        }
    )


def set_price(
    organization: Organization, amount: str = "0.05600", currency: str = "EUR", **more: Any
) -> Price:
    """Of a marketing message since October 2026, unless said otherwise."""
    with organization_scope(organization):
        price: Price = Price.objects.create(
            organization=organization,
            amount=Decimal(amount),
            currency=currency,
            **{"category": "marketing", "valid_from": date(2026, 10, 1), **more},
        )
    return price


def addresses(count: int, first: int = 0) -> list[Address]:
    """That many people's phones; the same ``first``, the same people."""
    return [Address(phone=f"+39333{number:07d}") for number in range(first, first + count)]


def open_mailing(
    sender: Sender,
    to: Iterable[Address] | int = 4,
    urgency: Urgency = Urgency.NEWS,
    *,
    template: Template = NOTICE,
    price_category: str = "utility",
    topic: str = "update:1",
    **more: Any,
) -> Fanout:
    """A mailing that is still being filled. ``to``: these people, or so many who were sent nothing yet."""
    with organization_scope(sender.organization_id):
        fanout = outbox.open_fanout(
            sender, template, urgency=urgency, price_category=price_category, topic=topic, **more
        )
        outbox.fill(fanout, addresses(to, Delivery.objects.count()) if isinstance(to, int) else to)
    return fanout


def mailing(
    sender: Sender, to: Iterable[Address] | int = 4, urgency: Urgency = Urgency.NEWS, **more: Any
) -> Fanout:
    """One that is filled; otherwise as :func:`open_mailing`."""
    fanout = open_mailing(sender, to, urgency, **more)
    with organization_scope(sender.organization_id):
        outbox.close_fanout(fanout)
    return fanout


def delivery_row(sender: Sender, address_hash: bytes, **fields: Any) -> Delivery:
    """A delivery as no road makes it: what its columns need, and nothing that waits."""
    delivery: Delivery = Delivery.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        address_hash=address_hash,
        **{"address_sealed": b"x", **fields},
    )
    return delivery


def decide(
    deliveries: QuerySet[Delivery],
    state: int,
    code: int = 0,
    reason: str = "",
    *,
    billable: bool | None = None,
    category: str = "",
    at: datetime | None = None,
) -> None:
    """They reach this state now: accepted, delivered, read, failed, unknown … By the dispatcher's and the receipts' own statement.

    ``billable`` and ``category``: what a receipt says of the price. ``at``: then, and not now.
    """
    now = at or timezone.now()
    for sender_id in set(deliveries.values_list("sender_id", flat=True)):
        moves = [
            Move(
                pk,
                state=0 if state == DeliveryState.FAILED else int(state),
                accepted_at=now if DeliveryState.ACCEPTED <= state <= DeliveryState.READ else None,
                delivered_at=now if DeliveryState.DELIVERED <= state <= DeliveryState.READ else None,
                read_at=now if state == DeliveryState.READ else None,
                failed_at=now if state == DeliveryState.FAILED else None,
                code=code,
                reason=reason,
                billable=billable,
                category=category,
            )
            for pk in deliveries.filter(sender_id=sender_id).values_list("pk", flat=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement("move"), parameters(sender_id, moves))


def accepted_as(deliveries: QuerySet[Delivery], message_id: str) -> None:
    """The platform gave them this id."""
    deliveries.update(
        message_hash=vault().message_hash(message_id),
        message_sealed=vault().seal_text(message_id, purpose=MESSAGE_ID),
    )


def claim(deliveries: QuerySet[Delivery], epoch: int) -> None:
    """As the owner of this epoch left them: claimed, and nothing said about them yet."""
    Outbox.objects.filter(delivery__in=deliveries).update(
        state=OutboxState.CLAIMED, claim_epoch=epoch, claimed_at=timezone.now()
    )


def lose(deliveries: QuerySet[Delivery]) -> None:
    """Claimed just now by a worker that was killed, and patience with them is over: unknown, or an alert's repeat."""
    claim(deliveries, epoch=1)
    for sender_id in set(deliveries.values_list("sender_id", flat=True)):
        settle(sender_id, epoch=2)


def settle(sender_id: int, epoch: int | None = None) -> None:
    """No patience with what is in doubt. ``epoch``: a new owner took over with it first."""
    with connection.cursor() as cursor:
        if epoch is not None:
            cursor.execute(statement("take_over"), {"sender": sender_id, "epoch": epoch})
        cursor.execute(statement("settle"), {**doubts.settling(sender_id), "patience": -1.0})


def reach(sender: Sender, hashes: Sequence[bytes], ago: timedelta, apart: timedelta = timedelta(0)) -> None:
    """These people were written to first, so long ago, one after the other."""
    began = timezone.now() - ago
    Reached.objects.bulk_create(
        Reached(
            organization_id=sender.organization_id,
            account=account_of(sender.credentials),
            address_hash=each,
            at=began + number * apart,
        )
        for number, each in enumerate(hashes)
    )
