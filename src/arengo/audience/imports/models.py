# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An import, its file, its rows. File and rows are sealed, and go when the import can no longer be undone."""

from __future__ import annotations

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.imports.columns import Field
from arengo.audience.imports.entries import Entry
from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, SealedField
from arengo.core.sentences import SentenceField
from arengo.core.vault import vault

_ENTRY, _FILE, _SAMPLE, _BY_HAND = "import row", "import file", "import sample", "import by hand"


class Sample(msgspec.Struct):
    """What the page of the columns shows of the file: its headings and first rows, and some cells with accents."""

    heads: list[str]
    rows: list[list[str]]
    first: int
    accents: list[str]


class ByHand(msgspec.Struct):
    """What a person decided of a file, and is asked: rows are made anew when a step is repeated, this stays.

    ``unknown``: words of the column of topics that are none, folded, with how many rows have them. ``topics``: what such a word
    means. ``mended``: numbers that were corrected, by row.
    """

    unknown: list[tuple[str, int]] = []
    topics: dict[str, int] = {}
    mended: dict[int, str] = {}


class Import(TenantModel):
    """Importazione: how far it has come, what is the proof for all, and what came of it."""

    class State(models.TextChoices):
        READING = "reading", _("si legge il file")
        UNREADABLE = "unreadable", _("file che non si legge")
        COLUMNS = "columns", _("colonne da confermare")
        CHECKING = "checking", _("si controllano le righe")
        CHECKED = "checked", _("da confermare")
        RUNNING = "running", _("in corso")
        DONE = "done", _("fatta")
        UNDOING = "undoing", _("si annulla")
        UNDONE = "undone", _("annullata")

    class Way(models.TextChoices):
        PAPER = "paper", _("Modulo di carta firmato")
        WEB = "web", _("Modulo in rete")
        MESSAGE = "message", _("Messaggio a un altro sistema")

    class Proof(models.TextChoices):
        DOCUMENT = "document", _("Una per tutte le persone")
        ROWS = "rows", _("Una per riga, scritta nel file")

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # of the file
    size = models.PositiveIntegerField()  # bytes
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    problem = SentenceField(blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    sample_sealed = SealedField(purpose=_SAMPLE, null=True)
    by_hand_sealed = SealedField(purpose=_BY_HAND, null=True)
    columns = ArrayField(models.CharField(max_length=12, blank=True, choices=Field), default=list, blank=True)
    sender_id = models.BigIntegerField(null=True)  # delivery.Sender to which they subscribe
    total = models.PositiveIntegerField(default=0)  # rows of the file
    done = models.PositiveIntegerField(default=0)  # of the work in hand
    # The proof, once it was told.
    proof = models.CharField(max_length=10, choices=Proof, blank=True)
    way = models.CharField(max_length=10, choices=Way, blank=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    words = models.TextField(max_length=2000, blank=True)  # what they read and agreed to
    place = models.CharField(max_length=300, blank=True)  # where the originals are kept
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # What came of it; the rows that say so go.
    joined = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    taken_back = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                name="audience_imports_one",
                condition=models.Q(state__in=["running", "undoing"]),
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="audience_imports_recent")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def sample(self) -> Sample:
        if not self.sample_sealed:
            return Sample([], [], 1, [])
        return msgspec.json.decode(vault().open(self.sample_sealed, purpose=_SAMPLE), type=Sample)

    @sample.setter
    def sample(self, sample: Sample | None) -> None:
        self.sample_sealed = vault().seal(msgspec.json.encode(sample), purpose=_SAMPLE) if sample else None

    @property
    def by_hand(self) -> ByHand:
        if not self.by_hand_sealed:
            return ByHand()
        return msgspec.json.decode(vault().open(self.by_hand_sealed, purpose=_BY_HAND), type=ByHand)

    @by_hand.setter
    def by_hand(self, by_hand: ByHand | None) -> None:
        self.by_hand_sealed = (
            vault().seal(msgspec.json.encode(by_hand), purpose=_BY_HAND) if by_hand else None
        )


class Part(TenantModel):
    """A piece of an import's file, in the order of ``position``; the file goes when the import begins."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content_sealed = SealedField(purpose=_FILE)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="audience_imports_part_once")
        ]

    def __str__(self) -> str:
        return f"part {self.pk}"

    @staticmethod
    def sealed(content: bytes) -> bytes:
        return vault().seal(content, purpose=_FILE)

    @property
    def content(self) -> bytes:
        return vault().open(self.content_sealed, purpose=_FILE)


class Row(TenantModel):
    """A row of the file, and what becomes of it. ``detail``: the row that it repeats, or the day on which they left."""

    class State(models.TextChoices):
        READY = "ready", _("pronta")
        WRONG = "wrong", _("da correggere")
        DOUBLE = "double", _("doppia")
        LISTED = "listed", _("già iscritta")
        LEFT = "left", _("si era cancellata")
        UNPROVED = "unproved", _("senza prova")
        JOINED = "joined", _("iscritta")
        UNDONE = "undone", _("tolta di nuovo")
        STAYED = "stayed", _("rimasta")

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    problem = models.CharField(max_length=12, blank=True)
    detail = models.CharField(max_length=40, blank=True)
    proved = models.BooleanField(default=False)  # the row itself tells what the proof is, and its day
    phone_hash = LookupField(max_length=32, null=True)
    entry_sealed = SealedField(purpose=_ENTRY)
    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="audience_imports_row_once")]
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="audience_imports_row_state"),
            models.Index(
                fields=["phone_hash"],
                name="audience_imports_row_phone",
                condition=models.Q(phone_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.pk}"

    @staticmethod
    def sealed(entry: Entry) -> bytes:
        return vault().seal(msgspec.json.encode(entry), purpose=_ENTRY)

    @property
    def entry(self) -> Entry:
        return msgspec.json.decode(vault().open(self.entry_sealed, purpose=_ENTRY), type=Entry)
