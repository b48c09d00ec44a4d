# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work behind the first steps: the file is read, and each row gets its state. Done again from the start after a kill."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from arengo.audience.imports.columns import folded, recognise
from arengo.audience.imports.entries import Reading, Trouble
from arengo.audience.imports.files.reading import read
from arengo.audience.imports.files.table import NotReadable, Table
from arengo.audience.imports.models import Import, Part, Row, Sample
from arengo.audience.models import Consent, Subscription, Topic, phone_hash
from arengo.audience.reasons import Reason
from arengo.core import bulk
from arengo.core.scope import organization_scope
from arengo.core.sentences import gettext as sentence
from arengo.delivery.models import Sender

BATCH = 5_000  # rows
_SAMPLES = 5  # rows that the page of the columns shows
_LOOKED_AT = 200  # rows by which columns are recognised
_ACCENTS = 6
_MOST_ASKED = 30  # unknown words of topics that a person is asked about: those of most rows


def read_file(organization_id: int, pk: int) -> None:
    """Reads the file to the first rows and recognises the columns; what cannot be read is said on the import."""
    with organization_scope(organization_id):
        batch = Import.objects.filter(pk=pk, state=Import.State.READING).first()
        if batch is None:
            return
        table = _table(batch)
        if table is None:
            return
        batch.state = Import.State.COLUMNS
        batch.encoding, batch.separator, batch.total = table.encoding, table.separator, len(table.rows)
        batch.columns = recognise(table.heads, table.rows[:_LOOKED_AT])
        accented = (cell for row in table.rows for cell in row if not cell.isascii())
        batch.sample = Sample(
            [head[:80] for head in table.heads],
            [[cell[:80] for cell in row] for row in table.rows[:_SAMPLES]],
            table.first,
            [cell[:40] for cell, _place in zip(accented, range(_ACCENTS), strict=False)],
        )
        _save(
            batch, Import.State.READING, "state", "encoding", "separator", "total", "columns", "sample_sealed"
        )


def check_rows(organization_id: int, pk: int) -> None:
    """Each row of the file becomes one of the import's, with its state; blank ones are passed over."""
    with organization_scope(organization_id):
        batch = Import.objects.filter(pk=pk, state=Import.State.CHECKING).first()
        if batch is None:
            return
        table = _table(batch)
        if table is None:
            return
        Row.objects.filter(batch=batch).delete()
        by_hand = batch.by_hand
        reading = Reading(batch.columns, topic_words() | by_hand.topics, timezone.localdate())
        book = _Rows(
            batch,
            reading,
            Sender.objects.get(pk=batch.sender_id).platform,
            {},
        )
        numbered = [(number, row) for number, row in enumerate(table.rows, start=table.first) if any(row)]
        for start in range(0, len(numbered), BATCH):
            with transaction.atomic():
                if not _held(pk, Import.State.CHECKING):
                    return
                book.store(numbered[start : start + BATCH])
                Import.objects.filter(pk=pk).update(done=start + BATCH)
        by_hand.unknown = reading.unknown.most_common(_MOST_ASKED)
        batch.by_hand = by_hand
        batch.state, batch.total = Import.State.CHECKED, len(numbered)
        with transaction.atomic():
            if _held(pk, Import.State.CHECKING):
                wrong = Row.objects.filter(batch=batch, state=Row.State.WRONG)
                for row in wrong.filter(number__in=list(by_hand.mended)).order_by("number"):
                    checked_again(batch, row, by_hand.mended[row.number])
                by_proof(batch)
                batch.save(update_fields=["state", "total", "by_hand_sealed", "touched_at"])


def by_proof(batch: Import) -> None:
    """Rows without a proof of their own stay out where there is no document for all."""
    rows = Row.objects.filter(batch=batch)
    rows.filter(state=Row.State.UNPROVED).update(state=Row.State.READY)
    if batch.proof == Import.Proof.ROWS:
        rows.filter(state=Row.State.READY, proved=False).update(state=Row.State.UNPROVED)


def _held(pk: int, state: str) -> bool:
    """Whether it is still to be done; nobody changes that until the transaction ends."""
    return Import.objects.select_for_update(no_key=True).filter(pk=pk, state=state).exists()


def _save(batch: Import, state: str, *fields: str) -> None:
    """Unless it was discarded or changed meanwhile."""
    with transaction.atomic():
        if _held(batch.pk, state):
            batch.save(update_fields=[*fields, "touched_at"])


def _table(batch: Import) -> Table | None:
    """None where it cannot be read, which the import then says."""
    was = batch.state
    parts = Part.objects.filter(batch=batch).order_by("position").iterator(chunk_size=8)
    content = b"".join(part.content for part in parts)
    try:
        if not content:
            raise NotReadable(
                sentence(
                    "Il file è stato tolto, perché una persona ha chiesto di eliminare i propri dati. Caricalo di nuovo."
                )
            )
        return read(content, batch.encoding)
    except NotReadable as refused:
        batch.state, batch.problem = Import.State.UNREADABLE, refused.args[0]
        _save(batch, was, "state", "problem")
        return None


def topic_words() -> dict[str, int]:
    """Topics by their folded names and words."""
    topics: dict[str, int] = {}
    for topic in Topic.in_use():
        topics |= {folded(word): topic.pk for word in (*topic.words, topic.name)}
    return topics


@dataclass
class _Rows:
    """Rows on their way into the database. ``seen``: in which row a number stood first."""

    batch: Import
    reading: Reading
    platform: str
    seen: dict[bytes, int]

    def store(self, numbered: Sequence[tuple[int, Sequence[str]]]) -> None:
        read = [(number, *self.reading.entry(row)) for number, row in numbered]
        hashes = [
            phone_hash(self.platform, entry.phone) if not problem else None for _n, entry, problem in read
        ]
        known = on_the_list([hashed for hashed in hashes if hashed], self.platform)
        states = [
            self._state(number, problem, hashed, known)
            for (number, _entry, problem), hashed in zip(read, hashes, strict=True)
        ]
        bulk.insert_columns(
            Row,
            len(read),
            {
                "organization_id": self.batch.organization_id,
                "batch_id": self.batch.pk,
                "number": [number for number, _entry, _problem in read],
                "state": [str(state) for state, _detail in states],
                "detail": [detail for _state, detail in states],
                "problem": [problem for _number, _entry, problem in read],
                "proved": [bool(entry.proof and entry.day) for _number, entry, _problem in read],
                "phone_hash": hashes,
                "entry_sealed": [Row.sealed(entry) for _number, entry, _problem in read],
            },
        )

    def _state(
        self, number: int, problem: str, hashed: bytes | None, known: dict[bytes, tuple[str, str]]
    ) -> tuple[str, str]:
        if hashed is None:
            return Row.State.WRONG, ""
        first = self.seen.setdefault(hashed, number)
        if first != number:
            return Row.State.DOUBLE, str(first)
        return known.get(hashed, (Row.State.READY, ""))


def on_the_list(hashes: Collection[bytes], platform: str) -> dict[bytes, tuple[str, str]]:
    """By number: LISTED, or LEFT with the day on which they left; nobody else is in it.

    An earlier import's being undone counts as no leave. Of who linked two chats, what holds where they are reached.
    """
    found: dict[bytes, tuple[str, str]] = {}
    left: dict[int, list[tuple[bytes, str]]] = {}
    rows = Subscription.objects.filter(identity__platform=platform, identity__phone_hash__among=hashes)
    there = "replaced_by__subscription__"
    for hashed, identity, other, *here, active, ended_at in rows.values_list(
        *("identity__phone_hash", "identity_id", "replaced_by", "active", "ended_at"),
        *(f"{there}active", f"{there}ended_at"),
    ):
        if other is None:
            active, ended_at = here
        if active:
            found[bytes(hashed)] = (Row.State.LISTED, "")
        elif ended_at:
            day = date_format(timezone.localtime(ended_at), "Y-m-d")
            left.setdefault(other or identity, []).append((bytes(hashed), day))
    words = Consent.objects.filter(identity__among=list(left)).exclude(reason=Reason.MERGED)
    latest = words.order_by("identity", "-at", "-pk")
    undone = {
        identity
        for identity, source in latest.distinct("identity").values_list("identity_id", "source")
        if source == Consent.Source.IMPORT
    }
    gone = [one for pk, each in left.items() if pk not in undone for one in each]
    return found | {hashed: (Row.State.LEFT, day) for hashed, day in gone}


def checked_again(batch: Import, row: Row, typed: str) -> None:
    """The row with another number, as somebody corrected it; stored."""
    platform = Sender.objects.get(pk=batch.sender_id).platform
    from_file = row.entry
    reading = Reading(["phone"], {}, timezone.localdate())
    entry, problem = reading.entry([typed])
    entry = msgspec.structs.replace(from_file, phone=entry.phone)
    # What else is wrong with the row stays wrong: without a topic that is known it would mean all of them.
    problem = row.problem if row.problem == Trouble.ELSEWHERE else problem or from_file.also
    row.problem, row.state, row.detail, row.phone_hash = problem, Row.State.WRONG, "", None
    if not problem:
        hashed = phone_hash(platform, entry.phone)
        row.phone_hash = hashed
        twin = (
            Row.objects.filter(batch=batch, phone_hash=hashed).exclude(pk=row.pk).order_by("number").first()
        )
        if twin is not None:
            row.state, row.detail = Row.State.DOUBLE, str(twin.number)
        else:
            row.state, row.detail = on_the_list([hashed], platform).get(hashed, (Row.State.READY, ""))
    row.entry_sealed = Row.sealed(entry)
    row.save(update_fields=["problem", "state", "detail", "phone_hash", "entry_sealed"])
