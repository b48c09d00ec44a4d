# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of 200,000 and 50,000 more who only wrote, put in by few statements; and a file to be imported."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from bench.city import City

GIVEN = (
    "Anna",
    "Bruno",
    "Clara",
    "Dario",
    "Elena",
    "Fatima",
    "Giorgio",
    "Maria",
    "Niccolò",
    "Rosa",
    "Àlex",
    "محمد",
)
FAMILY = ("Esempio", "Campione", "Prova", "Modello", "Provetta", "D’Esempio", "Senzanumero", "Forlì")
_PIECE = 20_000  # rows of one INSERT
STAFF_EVERY = 5_000  # one in so many joined at the desk; of the oldest half only


def name(number: int) -> str:
    """«Anna Esempio 4711»: each name is one person's, its words many people's."""
    return f"{GIVEN[number % len(GIVEN)]} {FAMILY[number // 7 % len(FAMILY)]} {number}"


def phone(number: int) -> str:
    return f"+39333{number:07d}"


def fill(city: City, subscribed: int, others: int) -> None:
    """Two in five chose topics, one in fifty stopped news, one in five thousand of the oldest joined at the desk."""
    from arengo.audience.models import Contact, Identity, Subscription, Topic, phone_hash
    from arengo.core import bulk
    from arengo.core.scope import organization_scope
    from arengo.core.vault import vault

    now, sender, same = timezone.now(), city.senders[0], {"organization_id": city.organization.pk}
    with organization_scope(city.organization):
        topics = [Topic.objects.create(name=f"Tema {number}", position=number).pk for number in range(5)]
        for first in range(0, subscribed + others, _PIECE):
            piece = range(first, min(first + _PIECE, subscribed + others))
            contacts = bulk.insert_columns(
                Contact, len(piece), {**same, "name": [name(each) for each in piece]}
            )
            identities = bulk.insert_columns(
                Identity,
                len(piece),
                {
                    **same,
                    "contact_id": contacts,
                    "platform": sender.platform,
                    "phone_sealed": [vault().seal_text(phone(each), purpose="phone") for each in piece],
                    "phone_hash": [phone_hash(sender.platform, phone(each)) for each in piece],
                    "marketing_stopped_at": [now if each % 50 == 1 else None for each in piece],
                },
            )
            joined = [place for place, each in enumerate(piece) if each < subscribed]
            bulk.insert_columns(
                Subscription,
                len(joined),
                {
                    **same,
                    "identity_id": [identities[place] for place in joined],
                    "sender_id": sender.pk,
                    "active": True,
                    "since": [now - timedelta(minutes=3 * (subscribed - piece[place])) for place in joined],
                },
            )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audience_subscription_topics (subscription_id, topic_id) "
            "SELECT s.id, (%s::bigint[])[1 + (s.id + k) %% 5] FROM audience_subscription s, generate_series(0, 1) k WHERE s.id %% 5 < 2",
            [topics],
        )
        cursor.execute(
            "INSERT INTO audience_consent "
            "(organization_id, identity_id, action, at, source, reason, way, poster, effective, recorded_at) "
            "SELECT s.organization_id, s.identity_id, 'given', s.since, "
            "CASE WHEN s.id %% %s = 0 AND s.id < %s THEN 'staff' ELSE 'message' END, '', '', '', true, now() "
            "FROM audience_subscription s",
            [STAFF_EVERY, subscribed // 2],
        )
        cursor.execute("VACUUM ANALYZE")


def file(many: int, *, first: int = 5_000_000) -> bytes:
    """As an office keeps it; a day in each row."""
    lines = ["CELLULARE;Cognome e nome;Data iscr."]
    for number in range(first, first + many):
        family, given = FAMILY[number % len(FAMILY)], GIVEN[number % len(GIVEN)]
        lines.append(f"{phone(number).removeprefix('+39')};{family} {given};{1 + number % 28:02}/05/2019")
    return "\r\n".join(lines).encode("cp1252", "replace")
