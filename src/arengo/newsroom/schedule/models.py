# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The town's rhythm, and appointments of drafts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sentences import SentenceField
from arengo.newsroom.models import Update

MIDNIGHT = 24 * 60  # minutes of a day
QUIET_FROM, QUIET_UNTIL, AT = 21 * 60, 8 * 60, 11 * 60


class Rhythm(TenantModel):
    """When the town writes, and when it keeps quiet. Minutes after midnight, of the organization's own time.

    ``quiet_from`` equal to ``quiet_until``: never quiet. ``weekdays``: 0 is Monday; none: no plan.
    """

    quiet_from = models.PositiveSmallIntegerField(default=QUIET_FROM)
    quiet_until = models.PositiveSmallIntegerField(default=QUIET_UNTIL)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    at = models.PositiveSmallIntegerField(default=AT)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="newsroom_schedule_one_rhythm"),
            models.CheckConstraint(
                condition=Q(quiet_from__lt=MIDNIGHT, quiet_until__lt=MIDNIGHT, at__lt=MIDNIGHT),
                name="newsroom_schedule_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"rhythm {self.pk}"


class Appointment(TenantModel):
    """Invio programmato: this draft, as it stood then (``version``), leaves at that moment.

    One that LAPSED did not leave; ``problem`` says why. One whose update left is GONE.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("programmato")
        GONE = "gone", _("partito")
        LAPSED = "lapsed", _("non partito")
        OFF = "off", _("tolto dagli invii programmati")

    update = models.OneToOneField(Update, on_delete=models.CASCADE, related_name="appointment")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    problem = SentenceField(blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("invio programmato")
        verbose_name_plural = _("invii programmati")
        indexes = [
            models.Index(fields=["at"], name="newsroom_schedule_due", condition=Q(state="planned")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(at__gt=F("planned_at")), name="newsroom_schedule_later"),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_news(self) -> bool:
        """The draft's page tells of it: when it leaves, or that it did not."""
        return self.state in (self.State.PLANNED, self.State.LAPSED)

    @property
    def key(self) -> str:
        """Of ``publishing.publish``: the same for each try of this appointment, another one when it is made anew."""
        return f"schedule-{self.pk}-{int(self.planned_at.timestamp() * 1000)}"
