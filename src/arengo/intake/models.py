# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal: every webhook as it came, sealed, before anything else happens."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, SealedField

GIVEN_UP = "given up by the database"  # how the problem of such a row begins (reader.py)


class Journal(models.Model):
    """One webhook body. Written by ``intake.journal`` (raw SQL, group commit), read by ``intake.reader``."""

    class State(models.IntegerChoices):
        WAITING = 0
        APPLIED = 1
        MARKED = 2  # something in it could not be read: shown to the administrator, can be replayed
        BEHIND = 3  # waits in a lane of its own, so that others need not wait for it (lanes.py)

    sender = models.ForeignKey(
        "delivery.Sender", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    received_at = models.DateTimeField(db_default=Now())
    body_sealed = SealedField(purpose="journal")
    state = models.SmallIntegerField(choices=State, db_default=State.WAITING)
    attempts = models.SmallIntegerField(db_default=0)
    not_before = models.DateTimeField(null=True)  # waits again until then (rows.py)
    lane = models.CharField(max_length=10, db_default="")  # of one that is BEHIND, as its room names it
    people = ArrayField(models.BigIntegerField(), null=True)  # likewise: whom it is about, by keyed hashes
    applied_at = models.DateTimeField(null=True)
    problem = models.TextField(db_default="")

    class Meta:
        indexes = [
            # «+ 0» is nothing to a number and all to the planner: this order only this index can give (reader.py).
            models.Index(
                models.F("id") + models.Value(0), name="intake_waiting", condition=models.Q(state=0)
            ),
            models.Index(fields=["sender", "id"], name="intake_marked", condition=models.Q(state=2)),
            models.Index(fields=["received_at"], name="intake_age"),
            models.Index(fields=["lane", "sender", "id"], name="intake_behind", condition=models.Q(state=3)),
            GinIndex(fields=["people"], name="intake_behind_people", condition=models.Q(state=3)),
        ]

    def __str__(self) -> str:
        return f"journal {self.pk}"

    @property
    def given_up(self) -> bool:
        """Nothing is wrong with it: the database gave its transaction up each time."""
        return GIVEN_UP in self.problem


class LastWebhook(models.Model):
    """When a sender last heard from its platform, to some seconds: the journal has no index for that question.

    What silences are measured from; delivery keeps what is shown of it (``SenderHeard``).
    """

    sender = models.OneToOneField(
        "delivery.Sender", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"last webhook {self.pk}"


class Gap(models.Model):
    """How often a sender was silent for so long in one hour: what its silences are measured by (silence.py).

    A gap counts in each hour that it touches. ``minutes`` is its length, rounded up. Rows go after 28 days: a number has
    at most 672 hours, and of each a handful of lengths.
    """

    sender = models.ForeignKey(
        "delivery.Sender", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    hour = models.DateTimeField()  # when it began
    minutes = models.IntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "hour", "minutes"], name="intake_gap_once"),
        ]
        indexes = [models.Index(fields=["hour"], name="intake_gap_age")]

    def __str__(self) -> str:
        return f"gap {self.pk}"


class Silence(models.Model):
    """That a sender is silent for longer than usual, and what the platform says about it. Ends with the next webhook."""

    class Answer(models.TextChoices):
        UNREACHABLE = "unreachable"
        REFUSED = "refused"  # it does not know the number, or not this token
        NOBODY = "nobody"  # it delivers nowhere
        ELSEWHERE = "elsewhere"  # it delivers to another address
        HERE = "here"
        UNKNOWN = "unknown"  # it knows the number, and does not tell where it delivers

    sender = models.OneToOneField(
        "delivery.Sender", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    since = models.DateTimeField()
    usual_minutes = models.IntegerField()  # the longest that is usual at this hour
    asked_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=12, blank=True)  # one of Answer
    code = models.IntegerField(default=0)  # of a refusal

    def __str__(self) -> str:
        return f"silence {self.pk}"


class SecondResponder(models.Model):
    """That somebody else answers from a sender's number (responders.py): since when, and when it was last noticed."""

    sender = models.OneToOneField(
        "delivery.Sender", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("core.Person", on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"second responder {self.pk}"


class Seen(models.Model):
    """Messages that were applied already: the platform may deliver a webhook more than once.

    Receipts need no row here: applying one twice changes nothing.
    """

    sender = models.ForeignKey("delivery.Sender", on_delete=models.CASCADE, related_name="+")
    message_hash = LookupField(max_length=16)  # vault().message_hash(…)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "message_hash"], name="intake_seen_once")]
        indexes = [models.Index(fields=["at"], name="intake_seen_age")]

    def __str__(self) -> str:
        return f"seen {self.pk}"


class Scrub(TenantModel):
    """That somebody was erased whose words and numbers the journal still holds: until its rows were gone through.

    The row goes with the last of them: what it looks for (``terms_sealed``) is the person's own.
    """

    erasure = models.ForeignKey("core.Erasure", on_delete=models.CASCADE, related_name="+")
    terms_sealed = SealedField(purpose="scrub")
    up_to = models.BigIntegerField()  # the last journal row of that time
    position = models.BigIntegerField(default=0)  # gone through as far as this row

    def __str__(self) -> str:
        return f"scrub {self.pk}"
