# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was counted of a day. ``keeping.py`` writes the rows, ``figures.py`` reads them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.desk.models import Desk

LONGEST_REFERENCE = 200


class CountedDay(TenantModel):
    """One day of one desk. ``content``: a ``values.DeskDay`` as JSON.

    A day that was counted has a row for each desk that there was, also where nothing happened. ``subscribers``: how many were on
    the list when the day was first counted; None where that was not in the night after it.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    content = models.TextField()
    subscribers = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        verbose_name = _("giorno contato")
        verbose_name_plural = _("giorni contati")
        constraints = [models.UniqueConstraint(fields=["desk", "day"], name="insights_day_once")]
        indexes = [models.Index(fields=["organization", "day"], name="insights_days")]

    def __str__(self) -> str:
        return f"{self.desk_id} {self.day:%Y-%m-%d}"


class OperatorDay(TenantModel):
    """What one operator did at one desk on one day. ``content``: a ``values.Work`` as JSON.

    Only of days from the date of the agreement on (:class:`OperatorAgreement`); all go when figures by operator are switched off.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    content = models.TextField()

    class Meta(TenantModel.Meta):
        verbose_name = _("giorno di un operatore")
        verbose_name_plural = _("giorni degli operatori")
        constraints = [
            models.UniqueConstraint(fields=["desk", "day", "person"], name="insights_operator_day_once")
        ]
        indexes = [models.Index(fields=["organization", "day"], name="insights_operator_days")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day:%Y-%m-%d}"


class OperatorAgreement(TenantModel):
    """Figures by operator are on: law 300/1970, article 4, wants an agreement with the unions, or the labour inspectorate's leave.

    ``agreed_on``: its date; nothing is counted by operator of days before it. ``reference``: which agreement.
    """

    agreed_on = models.DateField(_("data dell’accordo"))
    reference = models.CharField(_("accordo"), max_length=LONGEST_REFERENCE)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("accordo sui dati per operatore")
        verbose_name_plural = _("accordi sui dati per operatore")
        constraints = [models.UniqueConstraint(fields=["organization"], name="insights_agreement_once")]

    def __str__(self) -> str:
        return f"{self.agreed_on:%Y-%m-%d}"
