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


class LastWebhook(models.Model):
    """When a sender last heard from its platform, to some seconds: the journal has no index for that question."""

    sender = models.OneToOneField(
        "delivery.Sender", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"last webhook {self.pk}"


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
