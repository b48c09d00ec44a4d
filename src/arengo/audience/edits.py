# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An edit is what a person says now: what follows for the list, in whatever order the two arrive.

A message edited into a command is one, at the time of the edit. A join that is edited into something else was not meant
and ends; a leave that is edited into something else stays one, since only a person's word brings them onto the list.
A deletion says nothing: who takes a message back is often only tidying up.
"""

from __future__ import annotations

from collections.abc import Iterable

from arengo.audience import keys
from arengo.audience.models import Consent, Edited, Identity, Subscription
from arengo.core.vault import vault
from arengo.platforms.contract import MessageReceived, Nature


def note(organization_id: int, messages: Iterable[MessageReceived]) -> None:
    """Remembers which messages were edited: one of them may arrive after its edit."""
    found = {
        (vault().message_hash(message.about), message.sent_at)
        for message in messages
        if message.nature is Nature.EDIT and message.about
    }
    if found:
        Edited.objects.bulk_create(
            [Edited(organization_id=organization_id, about_hash=about, at=at) for about, at in sorted(found)],
            ignore_conflicts=True,
        )


def edited(organization_id: int, messages: Iterable[MessageReceived]) -> set[str]:
    """Of these messages, the ids of those that are known to have been edited since."""
    by_hash = {
        vault().message_hash(message.message_id): message.message_id
        for message in messages
        if message.nature is Nature.WORDS
    }
    if not by_hash:
        return set()
    known = Edited.objects.filter(organization_id=organization_id, about_hash__among=by_hash)
    return {by_hash[bytes(about)] for about in known.values_list("about_hash", flat=True)}


def takes_back(person: Identity, edit: MessageReceived) -> bool:
    """Whether the join that stands was said by the message that this edit changed, or by an earlier edit of it."""
    if not edit.about:
        return False
    subscription = Subscription.objects.filter(identity=person, active=True).first()
    if subscription is None:
        return False
    about = vault().message_hash(edit.about)
    if Edited.objects.filter(about_hash=about, at=subscription.since).exists():
        return True
    own_keys = keys.of([person.contact])[person.contact_id]
    hashes = [key.own.lookup(edit.about) for key in own_keys]
    return Consent.objects.filter(
        identity=person, deed=Consent.Deed.GIVEN, at=subscription.since, message_hash__in=hashes
    ).exists()
