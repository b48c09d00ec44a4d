# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for a person, and what somebody read on WhatsApp."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from arengo.core.scope import TenantModel


class Task(TenantModel):
    """One copy that a person puts on the channel. The three steps are noted when they are pressed, so that they outlive
    the trip to WhatsApp; ``done_at`` is what counts.
    """

    placement = models.OneToOneField("newsroom.Placement", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    copied_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # to whom it was handed over; None: to nobody, anybody of the newsroom may do it
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(
                fields=["organization", "created_at"],
                name="byhand_task_waiting",
                condition=models.Q(done_at__isnull=True),
            ),
            models.Index(fields=["organization", "-done_at"], name="byhand_task_done"),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"


class Reading(TenantModel):
    """What somebody saw on WhatsApp on one day: typed in, dated, and never added to what Arengo counts itself.

    ``followers`` are the channel's on that day; ``reactions`` and ``votes`` are this post's. None: not looked at.
    """

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField()
    followers = models.PositiveIntegerField(null=True)
    reactions = models.PositiveIntegerField(null=True)
    votes = models.PositiveIntegerField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["task", "day"], name="byhand_reading_once_a_day")]

    def __str__(self) -> str:
        return f"reading {self.pk}"
