# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator does with an import. Each verb locks its row, so that of two presses the second finds what the first did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from arengo.audience.imports.checking import by_proof, checked_again
from arengo.audience.imports.columns import Field
from arengo.audience.imports.entries import ALL_TOPICS
from arengo.audience.imports.models import Import, Part, Row
from arengo.audience.models import Topic
from arengo.core import audit
from arengo.core.clean_text import isolated
from arengo.core.models import Organization, Person

READ, CHECK, RUN, UNDO = (f"audience_imports.{job}" for job in ("read", "check", "run", "undo"))  # jobs.py
UNDO_FOR = timedelta(days=7)
ENCODINGS = ("utf-8", "cp1252", "mac_roman")
DRAFT = (
    Import.State.READING,
    Import.State.UNREADABLE,
    Import.State.COLUMNS,
    Import.State.CHECKING,
    Import.State.CHECKED,
)


class NotNow(ValueError):
    """Why it cannot be done as things are, in the user's language."""


@dataclass(frozen=True)
class Told:
    """What proves the consents: for all (``first_day`` to ``place``), or a row each."""

    proof: str
    way: str
    first_day: date | None = None
    last_day: date | None = None
    words: str = ""
    place: str = ""


def upload(
    organization: Organization, name: str, chunks: Iterable[bytes], *, sender_id: int, by: Person
) -> Import:
    """Keeps the file, sealed, and has it read."""
    with transaction.atomic():
        batch: Import = Import.objects.create(
            organization=organization, by=by, name=name[:200], size=0, sender_id=sender_id
        )
        size = 0
        for position, chunk in enumerate(chunks):
            Part.objects.create(
                organization=organization, batch=batch, position=position, content_sealed=Part.sealed(chunk)
            )
            size += len(chunk)
        batch.size = size
        batch.save(update_fields=["size"])
        audit.record("audience.uploaded_list", organization=organization, by=by, on=batch)
        _defer(READ, batch)
    return batch


def read_again(pk: int, encoding: str) -> None:
    """The same file with another encoding."""
    with transaction.atomic():
        batch = _held(pk, Import.State.COLUMNS, Import.State.CHECKED)
        batch.encoding = encoding if encoding in ENCODINGS else ""
        _to(batch, Import.State.READING, READ, "encoding")


def confirm_columns(pk: int, columns: Sequence[str], sender_id: int) -> None:
    """What each column is; the rows are checked anew. NotNow where no column, or more than one, is the number."""
    with transaction.atomic():
        batch = _held(pk, Import.State.COLUMNS, Import.State.CHECKED)
        if columns.count(Field.PHONE) != 1:
            raise NotNow(_("Scegli in quale colonna è il numero di telefono: una sola."))
        twice = [field for field in columns if field and columns.count(field) > 1]
        if twice:
            raise NotNow(_("Due colonne sono «%(name)s»: lasciane una.") % {"name": Field(twice[0]).label})
        batch.columns, batch.sender_id, batch.done = list(columns), sender_id, 0
        _to(batch, Import.State.CHECKING, CHECK, "columns", "sender_id", "done")


def mend(pk: int, typed: Mapping[int, str]) -> int:
    """Numbers that were corrected, by row; how many rows are ready by them."""
    with transaction.atomic():
        batch = _held(pk, Import.State.CHECKED)
        mended, by_hand = 0, batch.by_hand
        for row in Row.objects.filter(batch=batch, state=Row.State.WRONG, pk__in=list(typed)).order_by("pk"):
            if typed[row.pk].strip() == row.entry.phone:
                continue
            checked_again(batch, row, typed[row.pk])
            by_hand.mended[row.number] = typed[row.pk]
            mended += row.state != Row.State.WRONG
        batch.by_hand = by_hand
        batch.save(update_fields=["by_hand_sealed", "touched_at"])
        by_proof(batch)
        return mended


def match_topics(pk: int, meant: Mapping[str, int | None]) -> None:
    """What words of the file mean, by their folded form: a topic, all topics, or None: nothing, as before. Rows are checked anew."""
    with transaction.atomic():
        batch = _held(pk, Import.State.CHECKED)
        by_hand = batch.by_hand
        possible = {ALL_TOPICS, *Topic.objects.values_list("pk", flat=True)}
        asked = {word for word, _many in by_hand.unknown} | by_hand.topics.keys()
        for word in asked & meant.keys():
            topic = meant[word]
            if topic in possible and topic is not None:
                by_hand.topics[word] = topic
            else:
                by_hand.topics.pop(word, None)
        batch.by_hand, batch.done = by_hand, 0
        _to(batch, Import.State.CHECKING, CHECK, "by_hand_sealed", "done")


def tell_proof(pk: int, told: Told) -> None:
    """What proves the consents; rows without their own stay out where there is no document for all."""
    with transaction.atomic():
        batch = _held(pk, Import.State.CHECKED)
        batch.proof, batch.way = told.proof, told.way
        batch.first_day, batch.last_day = told.first_day, told.last_day
        batch.words, batch.place = told.words, told.place
        batch.save()
        by_proof(batch)


def start(pk: int, *, by: Person) -> None:
    """Everybody who is ready joins, in a job, which lets the file go. NotNow while another import of the organization runs."""
    with transaction.atomic():
        batch = _held(pk, Import.State.CHECKED)
        ready = Row.objects.filter(batch=batch, state=Row.State.READY).count()
        if not batch.proof:
            raise NotNow(_("Prima scrivi come hanno chiesto di essere iscritti."))
        if not ready:
            raise NotNow(_("Nessuna riga è pronta: non c’è nessuno da importare."))
        batch.sample, batch.by_hand = None, None
        batch.done, batch.started_at, batch.by = 0, timezone.now(), by
        batch.total = ready
        _alone(batch, Import.State.RUNNING)
        audit.record(
            "audience.imported_list",
            organization=batch.organization_id,
            by=by,
            on=batch,
            detail={"count": ready},
        )
        _defer(RUN, batch)


def undo(pk: int, *, by: Person) -> None:
    """The people who joined leave again, in a job; an import that still runs is stopped first. NotNow once its seven days are over."""
    with transaction.atomic():
        batch = _held(pk, Import.State.RUNNING, Import.State.DONE)
        if not may_undo(batch):
            raise NotNow(_("I 7 giorni per annullare sono passati."))
        batch.done, batch.total = 0, Row.objects.filter(batch=batch, state=Row.State.JOINED).count()
        batch.finished_at = batch.finished_at or timezone.now()
        _alone(batch, Import.State.UNDOING)
        audit.record("audience.undid_import", organization=batch.organization_id, by=by, on=batch)
        _defer(UNDO, batch)


def discard(pk: int, *, by: Person) -> None:
    """A draft goes with its file and its rows; nobody had joined by it."""
    with transaction.atomic():
        batch = _held(pk, *DRAFT)
        audit.record("audience.discarded_import", organization=batch.organization_id, by=by, on=batch)
        batch.delete()


def may_undo(batch: Import) -> bool:
    """At any time while it runs, then for seven days."""
    if batch.state == Import.State.RUNNING:
        return True
    end = batch.finished_at
    return batch.state == Import.State.DONE and end is not None and end + UNDO_FOR > timezone.now()


def _held(pk: int, *states: str) -> Import:
    found: Import | None = Import.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None or found.state not in states:
        raise NotNow(_("Intanto l’importazione è andata avanti: ecco a che punto è."))
    return found


def _to(batch: Import, state: str, job: str, *fields: str) -> None:
    batch.state = state
    batch.save(update_fields=["state", "touched_at", *fields])
    _defer(job, batch)


def _alone(batch: Import, state: str) -> None:
    """Into a state that one import of an organization has at a time; the database decides."""
    batch.state = state
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError as error:
        other = (
            Import.objects.filter(state__in=[Import.State.RUNNING, Import.State.UNDOING])
            .exclude(pk=batch.pk)
            .select_related("by")
            .first()
        )
        name = isolated(str(other.by)) if other else "?"
        raise NotNow(
            _("C’è già un’importazione in corso, di %(name)s. Quando è finita potrai cominciare questa.")
            % {"name": name}
        ) from error


def _defer(job: str, batch: Import) -> None:
    app.configure_task(job, lock=f"audience_imports.{batch.pk}").defer(
        organization_id=batch.organization_id, import_id=batch.pk
    )
