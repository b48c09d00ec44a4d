# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an organization writes about its desk for citizens."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.scope import TenantModel

LONGEST_LINE = 160


class FrontPage(TenantModel):
    """One an organization, made when somebody first writes it. Empty fields say nothing.

    ``topics``: «title: hint», each opens the chat with its title written already. ``not_here``: what is not for the chat.
    ``trial_until``: the last day on which every public page says that the service is on trial.
    """

    card_name = models.CharField(_("nome in rubrica"), max_length=60, blank=True)
    topics = ArrayField(models.CharField(max_length=LONGEST_LINE), default=list, blank=True)
    not_here = ArrayField(models.CharField(max_length=LONGEST_LINE), default=list, blank=True)
    toll_free = models.CharField(_("numero verde"), max_length=40, blank=True)
    counter_address = models.CharField(_("dove venire di persona"), max_length=200, blank=True)
    counter_hours = models.CharField(_("orari dell’ufficio"), max_length=200, blank=True)
    trial_until = models.DateField(_("in prova fino al"), null=True, blank=True)
    trial_words = models.CharField(_("parole sulla prova"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("pagina dello sportello")
        verbose_name_plural = _("pagine dello sportello")
        constraints = [models.UniqueConstraint(fields=["organization"], name="desk_front_once")]

    def __str__(self) -> str:
        return self.card_name or "front page"
