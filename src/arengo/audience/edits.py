# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An edit is what a person says now: what follows for the list, in whatever order the two arrive.

A message edited into a command is one, at the time of the edit. A join that is edited into something else was not meant
and ends; a leave that is edited into something else stays one, since only a person's word brings them onto the list.
A deletion says nothing: who takes a message back is often only tidying up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from arengo.audience import keys, standing
from arengo.audience.models import Consent, Edited, Identity
from arengo.core.vault import vault
from arengo.platforms.contract import MessageReceived, Nature


def note(messages: Iterable[MessageReceived], people: Mapping[str, Identity]) -> None:
    """Remembers who edited which messages: one of them may arrive after its edit. ``people``: by message id."""
    found = {
        (vault().message_hash(message.about), people[message.message_id].pk, message.sent_at): people[
            message.message_id
        ]
        for message in messages
        if message.nature is Nature.EDIT and message.about
    }
    if found:
        Edited.objects.bulk_create(
            [
                Edited(organization_id=person.organization_id, identity=person, about_hash=about, at=at)
                for (about, _pk, at), person in sorted(found.items(), key=lambda one: one[0])
            ],
            ignore_conflicts=True,
        )


def edited(messages: Iterable[MessageReceived], people: Mapping[str, Identity]) -> set[str]:
    """Of these messages, the ids of those that are known to have been edited since, by who wrote them."""
    messages = list(messages)
    edits = any(message.nature is Nature.EDIT for message in messages)
    by_hash = {
        vault().message_hash(message.message_id): message.message_id
        for message in messages
        # Who edited something before this batch is known since then.
        if message.nature is Nature.WORDS and (edits or not people[message.message_id].fresh)
    }
    if not by_hash:
        return set()
    known = Edited.objects.filter(about_hash__among=by_hash).values_list("about_hash", "identity_id")
    found = ((by_hash[bytes(about)], identity_id) for about, identity_id in known)
    return {message_id for message_id, identity_id in found if people[message_id].pk == identity_id}


def takes_back(person: Identity, edit: MessageReceived) -> bool:
    """Whether the join that stands was said by the message that this edit changed, or by an earlier edit of it."""
    if not edit.about:
        return False
    subscription = standing.subscription_of(person)
    if subscription is None or not subscription.active:
        return False
    about = vault().message_hash(edit.about)
    if Edited.objects.filter(about_hash=about, identity=person, at=subscription.since).exists():
        return True
    own_keys = keys.of([person.contact])[person.contact_id]
    hashes = [key.own.lookup(edit.about) for key in own_keys]
    return Consent.objects.filter(
        identity=person, action=Consent.Action.GIVEN, at=subscription.since, message_hash__in=hashes
    ).exists()
