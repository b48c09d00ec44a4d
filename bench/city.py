# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is measured with: one sample Comune, its numbers at the emulated Graph server, its mailings. By public verbs only."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from bench.installation import PASSWORD
from bench.messages import TEMPLATE, TOKEN, WORDS, phone

if TYPE_CHECKING:
    from arengo.core.models import Organization
    from arengo.delivery.models import Fanout, Sender
    from arengo.platforms.contract import Address

SECRET = "bench-app-secret"  # noqa: S105 - of the emulated server
ACCOUNT = "200000000000001"
NO_LIMIT = 20_000  # messages a second and number: more than any number here ever does


def number_id(index: int) -> str:
    return f"{100000000000001 + index}"


@dataclass
class City:
    organization: Organization
    senders: list[Sender]
    fanouts: list[Fanout] = field(default_factory=list)

    def mailing(self, sender: Sender, first: int, count: int, *, alert: bool = False) -> Fanout:
        """A mailing to ``count`` people, in the outbox."""
        from arengo.core.scope import organization_scope
        from arengo.delivery.models import Urgency
        from arengo.delivery.queue import outbox
        from arengo.platforms.contract import Parameter, Template

        with organization_scope(self.organization):
            fanout = outbox.open_fanout(
                sender,
                Template(TEMPLATE, "it", body=[Parameter(WORDS)]),
                urgency=Urgency.ALERT if alert else Urgency.NEWS,
                price_category="utility",
                topic=f"update:{len(self.fanouts) + 1}",
            )
            outbox.fill(fanout, _addresses(first, count))
            outbox.close_fanout(fanout)
        self.fanouts.append(fanout)
        return fanout

    def fill(self, total: int) -> float:
        """``total`` deliveries, evenly over the numbers. Returns the seconds that filling took."""
        began = time.monotonic()
        share = total // len(self.senders)
        for index, sender in enumerate(self.senders):
            self.mailing(sender, index * share, share)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return time.monotonic() - began


def _addresses(first: int, count: int) -> Iterator[Address]:
    from arengo.platforms.contract import Address

    return (Address(phone=phone(index)) for index in range(first, first + count))


def city(graph_url: str, *, numbers: int = 4, rate: int = NO_LIMIT) -> City:
    """A Comune with so many numbers, in the database that Django is connected to."""
    from arengo.core.models import Organization
    from arengo.core.scope import organization_scope
    from arengo.delivery.models import Sender
    from arengo.platforms.contract import Credentials

    organization = Organization.objects.create(name="Comune di Esempio", slug="esempio")
    senders = []
    with organization_scope(organization):
        for index in range(numbers):
            sender = Sender(organization=organization, name=f"Numero {index + 1}", rate=rate)
            sender.credentials = Credentials(
                base_url=graph_url,
                version="v24.0",
                number_id=number_id(index),
                account_id=ACCOUNT,
                token=TOKEN,
                app_secret=SECRET,
                verify_token="bench-verify-token",  # noqa: S106 - of the emulated server
            )
            sender.save()
            senders.append(sender)
    return City(organization, senders)


def operator(of: City) -> str:
    """Somebody who answers at the desk; signs in with ``installation.PASSWORD``. Returns the e-mail address."""
    from arengo.core.models import Membership, Person, Role
    from arengo.core.scope import organization_scope

    person = Person.objects.create_user("olga@esempio.test", PASSWORD, name="Olga Esempio")
    with organization_scope(of.organization):
        Membership.objects.create(organization=of.organization, person=person, roles=[Role.OPERATOR])
    return person.email


class Counters:
    """The mailings' own counters, asked often and cheaply over one connection."""

    def __init__(self, database: object) -> None:
        self._database = database

    def totals(self) -> dict[str, int]:
        cursor = self._database.execute(  # type: ignore[attr-defined]  # a psycopg connection
            "SELECT coalesce(sum(total), 0), coalesce(sum(n_accepted), 0), coalesce(sum(n_delivered), 0), "
            "coalesce(sum(n_read), 0), coalesce(sum(n_failed), 0), coalesce(sum(n_unknown), 0) FROM delivery_fanout"
        )
        names = ("total", "accepted", "delivered", "read", "failed", "unknown")
        return dict(zip(names, map(int, cursor.fetchone()), strict=True))

    def states(self) -> dict[int, int]:
        cursor = self._database.execute(  # type: ignore[attr-defined]  # as above
            "SELECT state, count(*) FROM delivery_delivery GROUP BY state"
        )
        return {int(state): int(count) for state, count in cursor.fetchall()}
