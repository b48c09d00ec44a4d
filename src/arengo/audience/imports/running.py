# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""People join, and are taken back, in batches of one short transaction each: killed at any moment, it goes on with the next."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone, translation

from arengo.audience import consent, identities, standing
from arengo.audience.consent import Outcome, Words
from arengo.audience.imports import proof
from arengo.audience.imports.entries import Trouble
from arengo.audience.imports.models import Import, Part, Row
from arengo.audience.models import Consent, Identity, Subscription, Topic
from arengo.core import bulk
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address

BATCH = 500  # rows; the organization's addresses are held for as long, some tenths of a second
_STATES = {
    Outcome.JOINED: Row.State.JOINED,
    Outcome.ALREADY: Row.State.LISTED,
    Outcome.OVERTAKEN: Row.State.LEFT,
}


def run(organization_id: int, pk: int) -> None:
    """Everybody who is ready joins. The file is needed no more and goes."""
    with organization_scope(organization_id):
        Part.objects.filter(batch=pk, batch__state=Import.State.RUNNING).delete()
        while join_batch(pk):
            pass


def undo(organization_id: int, pk: int) -> None:
    """Everybody who joined leaves again, unless they said something since. So does a file that is still there."""
    with organization_scope(organization_id):
        Part.objects.filter(batch=pk, batch__state=Import.State.UNDOING).delete()
        while take_back_batch(pk):
            pass


def join_batch(pk: int) -> bool:
    """The next rows; whether there may be more. A row that is joined says so in the same transaction as the consent.

    Locks the import, then the organization's addresses and the people (``identities.resolve``, ``consent.say``).
    """
    with transaction.atomic():
        batch = _held(pk, Import.State.RUNNING)
        if batch is None:
            return False
        rows = list(Row.objects.filter(batch=batch, state=Row.State.READY).order_by("number")[:BATCH])
        if not rows:
            batch.state, batch.finished_at = Import.State.DONE, timezone.now()
            counted = counts(batch.pk)
            batch.joined, batch.listed = counted.get(Row.State.JOINED, 0), counted.get(Row.State.LISTED, 0)
            batch.left_out = sum(counted.values()) - batch.joined - batch.listed
            batch.save(update_fields=["state", "finished_at", "joined", "listed", "left_out", "touched_at"])
            return False
        there = set(Topic.in_use().values_list("pk", flat=True))
        rows = _with_topics(rows, there)
        entries = [row.entry for row in rows]
        sender = Sender.objects.get(pk=batch.sender_id)

        def describe(place: int, person: Identity) -> None:
            person.contact.name = entries[place].name

        addresses = [Address(phone=entry.phone) for entry in entries]
        people = identities.resolve(sender.platform, sender.pk, addresses, describe, expect_new=True)
        now, zone = timezone.now(), batch.organization.zone
        with translation.override(batch.organization.language):
            said = [
                Words(
                    person,
                    Consent.Action.GIVEN,
                    proof.moment_of(batch, entry, zone, now),
                    Consent.Source.IMPORT,
                    text=proof.text_of(batch, row.number, entry),
                    sender_id=sender.pk,
                    topics=tuple(topic for topic in entry.topics if topic in there),
                    by=batch.by,
                )
                for row, entry, person in zip(rows, entries, people, strict=True)
            ]
        for row, person, step in zip(rows, people, consent.say(said), strict=True):
            row.state = _STATES[step.outcome]
            row.identity_id = person.pk
        bulk.update(rows, ["state", "identity"])
        Import.objects.filter(pk=pk).update(done=F("done") + len(rows))
        return True


def _with_topics(rows: list[Row], there: set[int]) -> list[Row]:
    """Without those whose topics are all gone since the check: no topics would mean all of them. They are put aside."""
    kept: list[Row] = []
    aside: list[Row] = []
    for row in rows:
        wanted = row.entry.topics
        (aside if wanted and not there.intersection(wanted) else kept).append(row)
    for row in aside:
        row.state, row.problem = Row.State.WRONG, Trouble.TOPIC
    bulk.update(aside, ["state", "problem"])
    return kept


def take_back_batch(pk: int) -> bool:
    """The next rows; whether there may be more. Locks the import, then the people by id, as ``consent.say`` does."""
    with transaction.atomic():
        batch = _held(pk, Import.State.UNDOING)
        if batch is None:
            return False
        rows = list(Row.objects.filter(batch=batch, state=Row.State.JOINED).order_by("number")[:BATCH])
        if not rows:
            batch.state, batch.undone_at = Import.State.UNDONE, timezone.now()
            counted = counts(batch.pk)
            batch.taken_back = counted.get(Row.State.UNDONE, 0)
            batch.stayed = counted.get(Row.State.STAYED, 0)
            batch.save(update_fields=["state", "undone_at", "taken_back", "stayed", "touched_at"])
            return False
        people = {
            person.pk: person
            for person in Identity.objects.select_for_update(no_key=True, of=("self",))
            .filter(pk__among=[row.identity_id for row in rows if row.identity_id])
            .select_related("contact")
            .order_by("pk")
        }
        own = Subscription.objects.filter(identity__among=list(people)).select_related(standing.LISTED)
        active = {each.identity_id for each in own if standing.is_listed(each)}
        spoke = _spoke(
            batch, people, {each.identity_id: each.replaced_by for each in own if each.replaced_by}
        )
        leaving = []
        for row in rows:
            if row.identity_id not in active:
                row.state = Row.State.LEFT
            elif row.identity_id in spoke:
                row.state = Row.State.STAYED
            else:
                row.state = Row.State.UNDONE
                leaving.append(people[row.identity_id])
        now = timezone.now()
        with translation.override(batch.organization.language):
            words = translation.gettext("L’importazione di %(file)s è stata annullata.") % {
                "file": batch.name
            }
        consent.say(
            [
                Words(
                    person,
                    Consent.Action.WITHDRAWN,
                    now,
                    Consent.Source.IMPORT,
                    text=words,
                    sender_id=batch.sender_id or 0,
                    by=batch.by,
                )
                for person in leaving
            ]
        )
        bulk.update(rows, ["state"])
        Import.objects.filter(pk=pk).update(done=F("done") + len(rows))
        return True


def _held(pk: int, state: str) -> Import | None:
    found: Import | None = (
        Import.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organization", "by")
        .filter(pk=pk, state=state)
        .first()
    )
    return found


def counts(pk: int) -> dict[str, int]:
    """Rows of an import by state."""
    return dict(
        Row.objects.filter(batch=pk).values("state").annotate(many=Count("pk")).values_list("state", "many")
    )


def _spoke(batch: Import, people: dict[int, Identity], linked: dict[int, Identity]) -> set[int]:
    """People with a message, or a recorded word other than the import's, since it began; ``linked``: or who spoke in a chat
    that they linked to this one, where they are reached.
    """
    since = batch.started_at
    asked = people | {there.pk: there for there in linked.values()}
    wrote = {
        pk for pk, person in asked.items() if since and person.last_wrote_at and person.last_wrote_at >= since
    }
    words = Consent.objects.filter(identity__among=list(asked), recorded_at__gte=since)
    ours = [Consent.Source.IMPORT, Consent.Source.RULE]
    spoke = wrote | set(words.exclude(source__in=ours).values_list("identity_id", flat=True))
    return spoke | {pk for pk, there in linked.items() if there.pk in spoke}
