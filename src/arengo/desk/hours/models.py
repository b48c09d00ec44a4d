# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows that say when a desk is open. They are changed by ``verbs.py``, read by ``reading.py``.

Hours of a plan are minutes since midnight of the town's clock, so that 1440, the end of the day, can be told from 0.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Desk

LONGEST_REASON = 120


class DeskRow(TenantModel):
    """A row of one desk, of the desk's own organization."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = True


class Timetable(TenantModel):
    """What holds for a desk besides its intervals: whether it closes on national holidays, and on the patron's day."""

    desk = models.OneToOneField(Desk, on_delete=models.CASCADE, related_name="timetable")
    national_holidays = models.BooleanField(_("chiuso nelle feste nazionali"), default=True, db_default=True)
    patron_month = models.PositiveSmallIntegerField(null=True, blank=True)
    patron_day = models.PositiveSmallIntegerField(null=True, blank=True)
    patron_name = models.CharField(_("festa del patrono"), max_length=80, blank=True, db_default="")

    class Meta(TenantModel.Meta):
        verbose_name = _("orari")
        verbose_name_plural = _("orari")
        constraints = [
            models.CheckConstraint(
                condition=Q(patron_month=None, patron_day=None)
                | Q(patron_month__range=(1, 12), patron_day__range=(1, 31)),
                name="desk_hours_patron_whole",
            )
        ]

    def __str__(self) -> str:
        return str(self.desk)


class Season(DeskRow):
    """A part of every year with hours of its own, both days included; without an interval the desk is closed in it."""

    name = models.CharField(_("nome"), max_length=60)
    first_month = models.PositiveSmallIntegerField()
    first_day = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    last_day = models.PositiveSmallIntegerField()

    class Meta(DeskRow.Meta):
        verbose_name = _("stagione")
        verbose_name_plural = _("stagioni")
        ordering = ["first_month", "first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    first_month__range=(1, 12),
                    last_month__range=(1, 12),
                    first_day__range=(1, 31),
                    last_day__range=(1, 31),
                ),
                name="desk_hours_season_in_year",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Interval(DeskRow):
    """Open from ``opens`` to ``closes`` (minutes) on a weekday (0 is Monday), all the year or in a season."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, null=True, related_name="intervals")
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta(DeskRow.Meta):
        verbose_name = _("intervallo")
        verbose_name_plural = _("intervalli")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, closes__lte=1440, opens__lt=F("closes")),
                name="desk_hours_interval_in_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class Closure(DeskRow):
    """Closed from the first day to the last, for a reason that citizens read. ``from_minute`` of the first day, ``until_minute``
    of the last; None: the whole day."""

    first_day = models.DateField(_("dal giorno"))
    from_minute = models.PositiveSmallIntegerField(null=True)
    last_day = models.DateField(_("al giorno"))
    until_minute = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(_("motivo"), max_length=LONGEST_REASON, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta(DeskRow.Meta):
        verbose_name = _("chiusura")
        verbose_name_plural = _("chiusure")
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["desk", "last_day"], name="desk_hours_closure_ends")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="desk_hours_closure_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} {self.reason}"

    @property
    def first(self) -> date:
        return self.first_day


class ExtraOpening(DeskRow):
    """Open on one day beside the usual hours, also where the day is a holiday or within a closure of whole days."""

    day = models.DateField(_("giorno"))
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    reason = models.CharField(_("motivo"), max_length=LONGEST_REASON, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta(DeskRow.Meta):
        verbose_name = _("apertura in più")
        verbose_name_plural = _("aperture in più")
        ordering = ["day", "opens", "id"]
        indexes = [models.Index(fields=["desk", "day"], name="desk_hours_extra_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__lte=1440, opens__lt=F("closes")), name="desk_hours_extra_in_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"

    @property
    def first(self) -> date:
        return self.day


class EmergencyOpening(DeskRow):
    """Apertura straordinaria: open at once, until a moment; it ends by itself, or when somebody ends it (``closed_at``)."""

    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(_("motivo"), max_length=LONGEST_REASON)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(DeskRow.Meta):
        verbose_name = _("apertura straordinaria")
        verbose_name_plural = _("aperture straordinarie")
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["desk", "until"], name="desk_hours_emergency_until")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("until")), name="desk_hours_emergency_forward")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.reason}"


class OutOfHoursWords(TenantModel):
    """The organization's notice out of hours; without a row, the words that Arengo proposes (``notice.proposed``)."""

    text = models.TextField(_("testo"))

    class Meta(TenantModel.Meta):
        verbose_name = _("avviso fuori orario")
        verbose_name_plural = _("avvisi fuori orario")
        constraints = [models.UniqueConstraint(fields=["organization"], name="desk_hours_words_once")]

    def __str__(self) -> str:
        return self.text[:40]


class OutOfHoursNotice(DeskRow):
    """A citizen was told that the desk is closed; ``closed_since``: which closed period. Kept for some weeks."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    closed_since = models.DateTimeField()

    class Meta(DeskRow.Meta):
        verbose_name = _("avviso dato")
        verbose_name_plural = _("avvisi dati")
        indexes = [models.Index(fields=["closed_since"], name="desk_hours_notice_age")]
        constraints = [
            models.UniqueConstraint(fields=["contact", "desk", "closed_since"], name="desk_hours_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.closed_since:%Y-%m-%d}"
