# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reviews of updates, and whether the organization wants one of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel

LONGEST_NOTE = 500
LONGEST_REASON = 1000


class ReviewRule(TenantModel):
    """One an organization. ``four_eyes``: nothing goes out without the yes of somebody who did not write it. Without a row it is not so."""

    four_eyes = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organization"], name="newsroom_review_rule_once")]

    def __str__(self) -> str:
        return f"review rule {self.pk}"


class Review(TenantModel):
    """Revisione: somebody asked for a second look at what an update said as its version ``version``.

    ``content`` and ``picture`` are what it said when it was last asked for or answered, as a version keeps them. ``digest`` is of
    both: an approval counts for that text alone, whatever changed it since. ``voided_at``: when the text stopped being that.
    """

    class Answer(models.TextChoices):
        WAITING = "waiting", _("in revisione")
        APPROVED = "approved", _("approvato")
        SENT_BACK = "sent_back", _("rimandato")
        TAKEN_BACK = "taken_back", _("ritirato")

    update = models.ForeignKey(
        "newsroom.Update", on_delete=models.CASCADE, related_name="reviews", db_index=False
    )
    version = models.PositiveIntegerField()
    content = models.JSONField()
    picture = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    voided_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("revisione")
        verbose_name_plural = _("revisioni")
        constraints = [
            models.UniqueConstraint(
                fields=["update"], condition=Q(answer="waiting"), name="newsroom_review_one_waits"
            )
        ]
        indexes = [
            models.Index(fields=["update", "-asked_at"], name="newsroom_review_of"),
            models.Index(fields=["organization", "asked_at"], name="newsroom_review_aging"),
            models.Index(
                fields=["organization", "asked_at"],
                condition=Q(answer="waiting"),
                name="newsroom_review_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def counts(self) -> bool:
        """An approval that nobody's change has ended."""
        return self.answer == self.Answer.APPROVED and self.voided_at is None
