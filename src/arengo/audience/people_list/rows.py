# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines of the list: as little of a person as is needed to know whom one looks at. One number is opened for each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Prefetch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from arengo.audience import people, standing
from arengo.audience.models import Consent, Contact, Identity, Subscription
from arengo.audience.people_list.finding import Piece, Query, marked
from arengo.audience.people_list.sql import statement
from arengo.core import bulk, clean_text


@dataclass(frozen=True)
class Row:
    """``phone``: masked; "" of who shows none. ``others``: platforms on which they are reached as well. ``at``: since when, or until when.

    ``topics``: those that they chose; none: all. None of who is not on the list.
    """

    contact_id: int
    name: Sequence[Piece]
    phone: str
    platform: str
    others: Sequence[str]
    topics: Sequence[str] | None
    way: str
    at: datetime | None
    active: bool
    stopped: bool
    elsewhere: bool  # on the list, and reached in a chat of another card, which they linked

    @property
    def marked_name(self) -> SafeString:
        """For a page."""
        return format_html_join(
            "",
            "{}",
            (
                (format_html("<mark>{}</mark>", each.text) if each.marked else each.text,)
                for each in self.name
            ),
        )


# As lists of their own: Django makes a queryset for each related row otherwise, which costs more than all queries.
_TOPICS, _IDENTITIES = "list_of_topics", "list_of_identities"


def of_subscriptions(ids: Sequence[int]) -> list[Row]:
    """In this order. Three queries."""
    found = {
        each.pk: each
        for each in Subscription.objects.filter(pk__among=ids)
        .select_related("identity__contact")
        .prefetch_related(Prefetch("topics", to_attr=_TOPICS))
    }
    listed = [found[pk] for pk in ids if pk in found]
    ways = _ways([each.identity_id for each in listed])
    return [_row(each.identity.contact, [each.identity], each, ways) for each in listed]


def of_contacts(ids: Sequence[int], query: Query) -> list[Row]:
    """In this order, each with the address by which they are on the list. Four queries."""
    identities = Identity.objects.select_related(f"subscription__{standing.LISTED}").prefetch_related(
        Prefetch("subscription__topics", to_attr=_TOPICS)
    )
    found: dict[int, tuple[Contact, list[Identity]]] = {
        each.pk: (each, getattr(each, _IDENTITIES))
        for each in Contact.objects.filter(pk__among=ids).prefetch_related(
            Prefetch("identities", identities, to_attr=_IDENTITIES)
        )
    }
    rows = []
    ways = _ways([each.pk for _contact, known in found.values() for each in known])
    for contact, known in (found[pk] for pk in ids if pk in found):
        known.sort(key=lambda each: (not _active(each), each.pk))
        subscription = getattr(known[0], "subscription", None) if known else None
        rows.append(_row(contact, known, subscription, ways, query))
    return rows


def _active(identity: Identity) -> bool:
    subscription = getattr(identity, "subscription", None)
    return subscription is not None and subscription.active


def _row(
    contact: Contact,
    known: Sequence[Identity],
    subscription: Subscription | None,
    ways: Mapping[int, str],
    query: Query | None = None,
) -> Row:
    first = known[0] if known else None
    name, username = clean_text.name(contact.name), clean_text.name(first.username) if first else ""
    way = ways.get(first.pk, "") if first else ""
    at = None
    if subscription is not None:
        at = subscription.since if subscription.active else subscription.ended_at
    return Row(
        contact_id=contact.pk,
        name=marked(name, query)
        if name and query
        else [Piece(name or (f"@{username}" if username else _("Senza nome")))],
        phone=people.masked_phone(first) if first else "",
        platform=first.words.name if first else "",
        others=sorted({each.words.name for each in known[1:] if first and each.platform != first.platform}),
        topics=[topic.name for topic in getattr(subscription, _TOPICS)]
        if subscription is not None and subscription.active
        else None,
        way=way_words(way) if way else "",
        at=at,
        active=subscription is not None and subscription.active,
        stopped=first is not None and first.marketing_stopped_at is not None,
        elsewhere=subscription is not None and not subscription.active and standing.is_listed(subscription),
    )


def way_words(way: str) -> str:
    """How somebody came onto the list, in a word or two of a column."""
    words = {
        Consent.Source.MESSAGE: _("con un messaggio"),
        Consent.Source.STAFF: _("allo sportello"),
        Consent.Source.IMPORT: _("con un elenco"),
    }
    return words[Consent.Source(way)] if way in words else ""


def _ways(identities: Sequence[int]) -> dict[int, str]:
    if not identities:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement("ways"), {"identities": bulk.array("bigint", identities)})
        return dict(cursor.fetchall())
