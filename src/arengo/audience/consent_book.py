# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of citizens who speak of the list: kept up to date word by word, then written. For ``consent.say``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from arengo.audience import choosing, consent_log, keys, policies, reasons, standing, ways
from arengo.audience.consent_log import Latest
from arengo.audience.consent_words import Outcome, Step, Words
from arengo.audience.double_opt_in.wishes import Wishes
from arengo.audience.events import SubscriptionAffirmed, SubscriptionEnded
from arengo.audience.models import Consent, ContactKey, Identity, ListSettings, Policy, Subscription
from arengo.audience.reasons import Reason
from arengo.audience.receiving import Receives
from arengo.audience.topics.models import Choosing
from arengo.core import audit, bulk
from arengo.core.events import Batch, publish


def _already(subscription: Subscription, receives: Receives, about: bool = False) -> Step:
    return Step(subscription, Outcome.ALREADY, False, receives.topics, about, receives.quarters)


_RECORDED = (
    *("identity_id", "key_id", "subject_sealed", "action", "at", "source", "reason", "way", "poster"),
    *("sender_id", "by_id", "effective", "message_hash", "message_id_sealed", "text_sealed"),
    "elsewhere",
    "confirms_id",
)


# Nobody's own word: a leave of theirs is recorded behind it.
_NOT_THEIRS = (Consent.Source.IMPORT, Consent.Source.RULE)


@dataclass
class Book:
    """What is known of the citizens who speak, kept up to date word by word, then written."""

    organization_id: int
    own_keys: dict[int, list[ContactKey]]  # by contact, the newest first
    subscriptions: dict[int, Subscription]  # by identity, as all that follows
    people: dict[int, Identity]  # those who speak, and where who linked two addresses is reached
    known: set[tuple[int, bytes]]  # (identity, hash of a message): consents that were recorded already
    latest: dict[int, Latest]
    given: set[int]  # who was on the list at some time
    receives: dict[int, Receives]
    wishes: Wishes
    hashes: dict[int, list[bytes]]  # of each word's message id, under each own key, the newest first; by id()
    consents: list[tuple[Any, ...]] = field(default_factory=list)  # in the order of _RECORDED
    recorded: list[Words] = field(default_factory=list)  # those of each consent
    changed: dict[int, Subscription] = field(default_factory=dict)
    chosen: dict[int, bool] = field(default_factory=dict)  # whose choice is another; whether they had one
    choosings: list[choosing.Changed] = field(default_factory=list)
    ended: dict[int, list[SubscriptionEnded]] = field(default_factory=lambda: defaultdict(list))
    affirmed: list[Words] = field(default_factory=list)  # joins of who is on the list
    audited: list[Words] = field(default_factory=list)

    @classmethod
    def of(cls, said: Sequence[Words], settings: ListSettings | None = None) -> Book:
        """One word of a person after the other, in every reader: their rows are locked until the transaction ends.

        Of who is fresh nothing is looked up: their rows are this transaction's own.
        """
        people = {words.identity.pk: words.identity for words in said}
        ids = sorted(pk for pk, person in people.items() if not person.fresh)
        own_keys = keys.of_new(person.contact for person in people.values() if person.fresh)
        subscriptions: dict[int, Subscription] = {}
        if ids:
            ids, found = standing.lock(ids)
            if others := [pk for pk in ids if pk not in people]:
                people |= Identity.objects.select_related("contact").in_bulk(others)
            own_keys |= keys.of(people[pk].contact for pk in ids)
            subscriptions = {subscription.identity_id: subscription for subscription in found}
        hashes = {
            id(words): [key.own.lookup(words.message_id) for key in own_keys[words.identity.contact_id]]
            for words in said
            if words.message_id
        }
        latest, given = consent_log.so_far(ids)
        return cls(
            organization_id=said[0].identity.organization_id,
            own_keys=own_keys,
            subscriptions=subscriptions,
            people=people,
            known=consent_log.already(
                [
                    (words.identity.pk, hashed)
                    for words in said
                    if not words.identity.fresh
                    for hashed in hashes.get(id(words), ())
                ]
            ),
            latest=latest,
            given=given,
            receives=consent_log.receives(subscriptions.values()),
            wishes=Wishes.of(said, ids, settings),
            hashes=hashes,
        )

    def take(self, words: Words) -> Step:
        subscription = self.subscriptions.get(words.identity.pk)
        hashes = self.hashes.get(id(words), ())
        if any((words.identity.pk, hashed) in self.known for hashed in hashes):
            return Step(subscription or self._unlisted(words), Outcome.OVERTAKEN)
        if subscription is not None and subscription.replaced_by_id is not None:
            return self._take_there(words, self.people[subscription.replaced_by_id])
        if words.action == Consent.Action.GIVEN:
            return self._give(words, subscription)
        if words.action == Consent.Action.CONFIRMED:
            return self._confirm(words, subscription)
        return self._withdraw(words, subscription)

    def _take_there(self, words: Words, there: Identity) -> Step:
        """Said at one of two addresses of a person, it counts where they are reached.

        Two lines of the log: what came of it, which names the other chat, and their own words, under the key of the card where
        they said them, so that erasing either leaves nothing behind with the other.
        """
        lines, sender_id = len(self.consents), self.subscriptions[there.pk].sender_id
        said = standing.said_elsewhere(words.identity)
        step = self.take(replace(words, identity=there, message_id="", text=said, sender_id=sender_id))
        if len(self.consents) > lines:
            counted = step.outcome in (Outcome.JOINED, Outcome.LEFT)
            self.note(words, effective=False, elsewhere=counted)
        return step

    def _give(self, words: Words, subscription: Subscription | None) -> Step:
        person = words.identity.pk
        imported = words.source == Consent.Source.IMPORT
        if subscription and subscription.active:
            if imported:  # who is on the list chose what they receive
                return _already(subscription, self._received(person))
            self.affirmed.append(words)
            return self._join_again(words, subscription)
        if subscription and imported and subscription.ended_at and not self._was_imported(person):
            return Step(subscription, Outcome.OVERTAKEN)
        if subscription and subscription.ended_at and words.at < subscription.ended_at and not imported:
            self.note(words, effective=False)
            return Step(subscription, Outcome.OVERTAKEN)
        first = person not in self.given
        pending = self.wishes.confirmed(words)
        if pending is None and self.wishes.asks_for(words):
            self.note(words, effective=False, action=Consent.Action.WISHED)
            new = self.wishes.add(words)
            return Step(subscription or self._unlisted(words), Outcome.PENDING, first and new)
        self.note(words, confirms=pending.consent if pending is not None else None)
        self.wishes.end(person)
        self._audit(words)
        subscription = subscription or self._new(words)
        subscription.sender_id, subscription.active = words.sender_id, True
        subscription.since, subscription.ended_at = words.at, None
        self.changed[person] = subscription
        named = Receives(frozenset(words.topics), frozenset(words.quarters))
        if pending is not None and named == Receives():
            named = pending.receives
        self._choose(person, named)
        subscription.frequency = named.frequency
        return Step(
            subscription, Outcome.JOINED, first, named.topics, named != Receives(), quarters=named.quarters
        )

    def _join_again(self, words: Words, subscription: Subscription) -> Step:
        """Topics are added; a join that names nothing is to everything, and naming a topic then does not make it less. A
        quarter that is named is where they live.

        A join of before they subscribed, which comes late, takes no choice back.
        """
        person = words.identity.pk
        before = after = self._received(person)
        if words.topics or words.quarters:
            topics = before.topics | frozenset(words.topics if before.topics else ())
            after = Receives(topics, before.quarters | frozenset(words.quarters), before.frequency)
        elif words.at >= subscription.since:
            after = Receives()
        if after != before:
            self._choose(person, after)
            subscription.frequency = after.frequency
            self.changed[person] = subscription
            way = Choosing.Way.STAFF if words.source == Consent.Source.STAFF else Choosing.Way.MESSAGE
            self.choosings.append(
                choosing.Changed(
                    words.identity, before, after, way, words.at, words.by, words.text, words.message_id
                )
            )
        about = bool(words.topics or words.quarters) or after != before
        return _already(subscription, after, about)

    def _withdraw(self, words: Words, subscription: Subscription | None) -> Step:
        if subscription is None or not subscription.active:
            return self._not_subscribed(words, subscription)
        if words.at < subscription.since and words.source != Consent.Source.STAFF:
            # staff's clock is ours, not the platform's
            self.note(words, effective=False)
            return Step(subscription, Outcome.OVERTAKEN)
        self.note(words)
        subscription.active, subscription.ended_at = False, max(words.at, subscription.since)
        self.changed[words.identity.pk] = subscription
        self.ended[subscription.sender_id].append(
            SubscriptionEnded(words.identity.pk, words.identity.platform, words.identity.address)
        )
        self._audit(words)
        return Step(subscription, Outcome.LEFT)

    def _confirm(self, words: Words, subscription: Subscription | None) -> Step:
        """A subscriber says yes to what the list asked: that is proved, and changes nothing of the list."""
        if subscription is None or not subscription.active or words.at < subscription.since:
            return Step(subscription or self._unlisted(words), Outcome.OVERTAKEN)
        self.note(words, effective=False)
        return Step(subscription, Outcome.CONFIRMED)

    def _was_imported(self, person: int) -> bool:
        """Whether the last that is known of them came with an import, not from themselves or the staff."""
        latest = self.latest.get(person)
        return latest is not None and latest.source == Consent.Source.IMPORT

    def _audit(self, words: Words) -> None:
        # An import is one line for all; an erasure has a line of its own.
        if words.by is not None and words.source == Consent.Source.STAFF and words.reason != Reason.ERASED:
            self.audited.append(words)

    def _not_subscribed(self, words: Words, subscription: Subscription | None) -> Step:
        """A refusal of who is not on the list still stands against a join that was said before and arrives later, or waits."""
        self.wishes.withdrawn(words)
        latest = self.latest.get(words.identity.pk)
        if (
            latest is None
            or latest.action != Consent.Action.WITHDRAWN
            or latest.source in _NOT_THEIRS  # until now they had said nothing themselves
        ):
            self.note(words, effective=False)
        subscription = subscription or self._new(words)
        subscription.active = False
        subscription.ended_at = max(filter(None, (subscription.ended_at, words.at)))
        self.changed[words.identity.pk] = subscription
        return Step(subscription, Outcome.NOT_SUBSCRIBED)

    def _unlisted(self, words: Words) -> Subscription:
        return bulk.new(
            Subscription,
            organization_id=self.organization_id,
            identity_id=words.identity.pk,
            sender_id=words.sender_id,
            since=words.at,
        )

    def _new(self, words: Words) -> Subscription:
        subscription = self._unlisted(words)
        self.subscriptions[words.identity.pk] = subscription
        return subscription

    def _received(self, person: int) -> Receives:
        return self.receives.get(person, Receives())

    def _choose(self, person: int, receives: Receives) -> None:
        before = self._received(person)
        if (receives.topics, receives.quarters) != (before.topics, before.quarters):
            self.chosen[person] = self.chosen.get(person, bool(before.topics or before.quarters))
        self.receives[person] = receives

    def note(
        self,
        words: Words,
        *,
        effective: bool = True,
        subject: Identity | None = None,
        elsewhere: bool = False,
        action: Consent.Action | None = None,
        confirms: Consent | None = None,
    ) -> None:
        """``subject``: whose address the proof names, if not the person's own. ``action``: where it is not that of the words.

        ``confirms``: the wish to which they say yes; the place of its code is where they came from.
        """
        action = action or words.action
        person, key = words.identity, self.own_keys[words.identity.contact_id][0]
        own, message_id = key.own, words.message_id
        [hashed, *_older] = self.hashes.get(id(words), [None])
        self.consents.append(
            (
                person.pk,
                key.pk,
                own.seal_text((subject or person).subject_hash.hex(), purpose="consent subject"),
                action,
                words.at,
                words.source,
                words.reason or reasons.usual(words.source) if action == Consent.Action.WITHDRAWN else "",
                words.way or ways.PLAIN[words.source],
                words.poster or (confirms.poster if confirms else ""),
                words.sender_id or None,
                words.by.pk if words.by else None,
                effective,
                hashed,
                own.seal_text(message_id, purpose="consent message") if message_id else None,
                own.seal_text(words.text, purpose="consent text") if words.text else None,
                elsewhere,
                confirms.pk if confirms else None,
            )
        )
        self.recorded.append(words)
        if hashed is not None:
            self.known.add((person.pk, hashed))
        if effective and action == Consent.Action.GIVEN:
            self.given.add(person.pk)
        latest = self.latest.get(person.pk)
        if latest is None or words.at >= latest.at:
            self.latest[person.pk] = Latest(words.at, action, words.source)

    def write(self, in_force: Mapping[str, Policy] | None) -> dict[int, dict[str, Any]]:
        """Of the words that were recorded, by id(): what their step says of the line."""
        ids: Sequence[int] = ()
        if self.consents:
            if in_force is None:
                in_force = policies.in_force()
            privacy, rules = in_force.get(Policy.Kind.PRIVACY), in_force.get(Policy.Kind.RULES)
            ids = bulk.insert_columns(
                Consent,
                len(self.consents),
                {
                    **dict(zip(_RECORDED, map(list, zip(*self.consents, strict=True)), strict=True)),
                    "organization_id": self.organization_id,
                    "policy_id": privacy.pk if privacy else None,
                    "rules_id": rules.pk if rules else None,
                },
            )
        by_words = dict(zip(map(id, self.recorded), ids, strict=True))
        self.wishes.write(self.organization_id, by_words)
        new = [subscription for subscription in self.changed.values() if subscription.pk is None]
        stored = [subscription for subscription in self.changed.values() if subscription.pk is not None]
        bulk.update(stored, ["sender_id", "active", "since", "ended_at", "frequency"])
        bulk.insert(new)
        if self.chosen:
            had = [self.subscriptions[one].pk for one, had in self.chosen.items() if had]
            consent_log.choose(
                {self.subscriptions[one]: self.receives[one] for one in sorted(self.chosen)}, had
            )
        choosing.record(self.choosings, self.own_keys)
        for sender_id, ended in self.ended.items():
            publish(SubscriptionEnded, Batch(self.organization_id, sender_id, ended))
        if self.affirmed:
            events = [SubscriptionAffirmed(words.identity.pk) for words in self.affirmed]
            publish(SubscriptionAffirmed, Batch(self.organization_id, 0, events))
        for words in self.audited:
            joined = words.action == Consent.Action.GIVEN
            audit.record(
                "audience.subscribed" if joined else "audience.unsubscribed",
                organization=self.organization_id,
                by=words.by,
                on=words.identity.contact,
            )
        return {
            id(words): {
                "consent_id": by_words[id(words)],
                "key": self.own_keys[words.identity.contact_id][0],
            }
            for words in self.recorded
        }
