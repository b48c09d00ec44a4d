# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a rule of the list did to people is undone: they are on it as before, with their day and their choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from arengo.audience import consent, consent_log
from arengo.audience.consent import Words
from arengo.audience.models import Consent, Identity, Subscription
from arengo.audience.reasons import Reason
from arengo.audience.receiving import Receives
from arengo.core import bulk
from arengo.core.models import Person

Saying = Callable[[datetime, datetime], str]
"""When they said yes, and when the rule took them off → what the new row of the log says, in the organization's language."""


def latest_words(people: Sequence[Identity]) -> dict[int, Consent]:
    """By identity: the last that is known of each; that two cards became one says nothing."""
    words = Consent.objects.filter(identity__among=[one.pk for one in people]).exclude(reason=Reason.MERGED)
    latest = words.order_by("identity", "-at", "-pk").distinct("identity")
    return {row.identity_id: row for row in latest if row.identity_id is not None}


def restore(rows: Mapping[Identity, Consent], saying: Saying, *, by: Person) -> None:
    """Of people who are locked and off the list: ``rows`` is what took each of them off, the last that is known of them.

    A new row of the log names the consent that holds; since when and what they receive stay as they were. Some eight
    statements, however many people.
    """
    if not rows:
        return
    ids = [person.pk for person in rows]
    before = {one.identity_id: one for one in Subscription.objects.filter(identity__among=ids)}
    had = consent_log.receives(before.values())
    since = {pk: one.since for pk, one in before.items()}
    given = Consent.objects.filter(identity__among=ids, action=Consent.Action.GIVEN, effective=True)
    yes = {row.identity_id: row.at for row in given.order_by("identity", "-at", "-pk").distinct("identity")}
    consent.say(
        [
            Words(
                person,
                Consent.Action.GIVEN,
                # Clocks of two machines may differ.
                max(timezone.now(), row.at + timedelta(microseconds=1)),
                Consent.Source.RULE,
                text=saying(yes.get(person.pk, since[person.pk]), row.at),
                sender_id=before[person.pk].sender_id,
                topics=tuple(had.get(person.pk, Receives()).topics),
                quarters=tuple(had.get(person.pk, Receives()).quarters),
                by=by,
            )
            for person, row in rows.items()
        ]
    )
    for pk, one in before.items():
        one.since, one.frequency = since[pk], had.get(pk, Receives()).frequency
    bulk.update(list(before.values()), ["since", "frequency"])


def day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y").lower()
