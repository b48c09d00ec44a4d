# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The notice out of hours: the organization's words to a citizen who writes while the desk is closed.

One of the closed list of automatic messages (``core/automatic.py``): off until the organization switches it on. It answers no
question: it says that a person will, and when the desk opens again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience.events import CitizenWrote, IdentitiesMerged, ReplyWanted
from arengo.core import automatic
from arengo.core.automatic import Kind, some_a_day
from arengo.core.events import Batch, publish
from arengo.core.models import AutomaticSwitch, Organization
from arengo.core.vault import vault
from arengo.desk.hours.engine import Schedule
from arengo.desk.hours.models import OutOfHoursNotice, OutOfHoursWords
from arengo.desk.hours.reading import schedules
from arengo.desk.hours.sql import statement
from arengo.desk.hours.words import week_words, when
from arengo.desk.models import Message
from arengo.platforms.contract import Nature
from arengo.platforms.registry import common_limits, platform

KIND = "desk.out_of_hours"
KEPT = timedelta(
    days=45
)  # longer than a closed period lasts, but for a closed season; then a second notice is no harm
PLACEHOLDERS = ("riapertura", "orari", "ente", "sportello")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ANSWERED = timedelta(hours=1)  # who was answered by a person so lately is told nothing


class _Place(NamedTuple):
    """Where a message stands."""

    conversation_id: int
    desk_id: int
    desk: str


def register() -> None:
    automatic.register(
        Kind(
            KIND,
            _("Avviso fuori orario"),
            _("A chi scrive a sportello chiuso, una volta per ogni periodo di chiusura. Mai a un comando."),
            "settings:out_of_hours",
            some_a_day(KIND, times=2, a_day=4, minutes=10),
        )
    )


def citizen_wrote(batch: Batch[CitizenWrote]) -> None:
    """Asks for the notice to who wrote while their desk was closed, and still is; once a closed period and person.

    Called in the reader's transaction, after the desk stored the messages. Where the notice is off a batch costs one query.
    Locks the rows that it writes; a second reader waits for the same person's row (``sql/tell_once.sql``).
    """
    # What waits for a person: no command, no edit, nothing that another responder answers.
    said = [
        event
        for event in batch.events
        if event.message.nature is Nature.WORDS and not event.command and not event.message.copy
    ]
    if not said or not AutomaticSwitch.objects.filter(kind=KIND, on=True).exists():
        return
    places = _places(batch.sender_id, said)
    found = schedules({place.desk_id for place in places.values()})
    now = timezone.now()
    first: dict[tuple[int, int], tuple[CitizenWrote, _Place]] = {}
    for event in said:
        place = places.get(event.message.message_id)
        hours = found[place.desk_id] if place is not None else None
        if place is None or hours is None or hours.is_open(event.message.sent_at) or hours.is_open(now):
            continue
        if hours.next_opening(now) is not None:
            first.setdefault((event.contact_id, place.desk_id), (event, place))
    told = _tell_once(batch.organization_id, list(first), found, now)
    if not told:
        return
    organization = Organization.objects.get(pk=batch.organization_id)
    text = words_of(organization)
    wanted = [
        ReplyWanted(
            contact_id=event.contact_id,
            identity_id=event.identity_id,
            text=filled(text, organization, found[place.desk_id], place.desk, now, batch.platform),
            about=event.message.message_id,
            kind=KIND,
        )
        for key, (event, place) in first.items()
        if key in told
    ]
    publish(ReplyWanted, Batch(batch.organization_id, batch.sender_id, wanted, batch.platform))


def identities_merged(batch: Batch[IdentitiesMerged]) -> None:
    """Two contacts were one person: what one was told, the other was. In the audience's transaction, which holds the persons."""
    for event in batch.events:
        kept = OutOfHoursNotice.objects.filter(contact_id=event.kept_contact_id)
        known = set(kept.values_list("desk_id", "closed_since"))
        for row in OutOfHoursNotice.objects.filter(contact_id=event.gone_contact_id):
            if (row.desk_id, row.closed_since) not in known:
                OutOfHoursNotice.objects.filter(pk=row.pk).update(contact_id=event.kept_contact_id)


def words_of(organization: Organization) -> str:
    """The organization's own, else those that Arengo proposes. Inside its scope."""
    kept = OutOfHoursWords.objects.values_list("text", flat=True).first()
    return kept or proposed(organization)


def proposed(organization: Organization) -> str:
    with translation.override(organization.language):
        return gettext(
            "Grazie del messaggio: lo leggerà una persona. Adesso lo sportello è chiuso, riapre {riapertura}.\n\n"
            "Se è un’emergenza, chiama il 112."
        )


def filled(
    text: str, organization: Organization, hours: Schedule, desk: str, now: datetime, platform_name: str = ""
) -> str:
    """Ready to be sent, in the organization's language; cut to what the platform takes, or any of them."""
    with translation.override(organization.language), timezone.override(organization.zone):
        opens = hours.next_opening(now)
        values: Mapping[str, str] = {
            "riapertura": when(opens, now) if opens else "",
            "orari": week_words(hours.timetable),
            "ente": organization.name,
            "sportello": desk,
        }
    written = _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text).strip()
    limits = platform(platform_name).limits if platform_name else common_limits()
    return limits.text.cut(written)


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that nothing would be put in for."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in PLACEHOLDERS]


def export(contact_id: int) -> dict[str, object]:
    told = OutOfHoursNotice.objects.filter(contact_id=contact_id).order_by("closed_since")
    return {"out_of_hours_notices": [row.closed_since.isoformat() for row in told]}


def erase(contact_id: int) -> None:
    OutOfHoursNotice.objects.filter(contact_id=contact_id).delete()


def _places(sender_id: int, said: Sequence[CitizenWrote]) -> dict[str, _Place]:
    """By message id. Without those that another responder holds, and those of people whom one of ours answered just now."""
    hashes = {vault().message_hash(event.message.message_id): event.message.message_id for event in said}
    rows = list(
        Message.objects.filter(
            sender_id=sender_id, platform_message_hash__among=hashes, conversation__held_by_other=False
        ).values_list(
            "platform_message_hash", "conversation_id", "conversation__desk_id", "conversation__desk__name"
        )
    )
    answered = set(
        Message.objects.filter(
            conversation_id__among={row[1] for row in rows},
            author__isnull=False,
            sent_at__gt=timezone.now() - _ANSWERED,
        ).values_list("conversation_id", flat=True)
    )
    return {
        hashes[bytes(hashed)]: _Place(conversation_id, desk_id, name)
        for hashed, conversation_id, desk_id, name in rows
        if conversation_id not in answered
    }


def _tell_once(
    organization_id: int, people: Sequence[tuple[int, int]], found: Mapping[int, Schedule], now: datetime
) -> set[tuple[int, int]]:
    """Of these (contact, desk) those who had not been told of this closed period."""
    if not people:
        return set()
    since = {desk: found[desk].closed_since(now) for _contact, desk in people}
    with connection.cursor() as cursor:
        cursor.execute(
            statement("tell_once"),
            {
                "organization": organization_id,
                "contacts": [contact for contact, _desk in people],
                "desks": [desk for _contact, desk in people],
                "since": [since[desk] for _contact, desk in people],
            },
        )
        return set(cursor.fetchall())
