# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list: topics, quarters, who is on it, in the organization's words."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.basis import Basis
from arengo.audience.models.people import Identity
from arengo.audience.naming import Named
from arengo.core.scope import TenantModel


class Topic(Named):
    """Tema: what a subscription is about. Its season («06-01» to «09-15») is when it is offered; without one, always."""

    season_from = models.CharField(_("dal"), max_length=5, blank=True, default="", db_default="")
    season_to = models.CharField(_("al"), max_length=5, blank=True, default="", db_default="")

    class Meta(Named.Meta):
        pass

    def is_in_season(self, day: date) -> bool:
        if not self.season_from:
            return True
        today = f"{day:%m-%d}"
        if self.season_from <= self.season_to:
            return self.season_from <= today <= self.season_to
        return today >= self.season_from or today <= self.season_to  # over New Year


class Quarter(Named):
    """Quartiere: a part of the town. Somebody who chose none receives what is for any of them."""

    class Meta(Named.Meta):
        pass


class Subscription(TenantModel):
    """Iscrizione: that an identity is on the list now. The consent log says how that came to be.

    ``ended_at`` of an inactive one is their latest word: a join that is older and arrives later counts for nothing.

    ``replaced_by``: another address of the same person, where they are reached (``linking``): its subscription stands for this
    one, which is inactive meanwhile. Without an ``ended_at`` it is put aside, and did not end.
    """

    identity = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="subscription")
    replaced_by = models.ForeignKey(
        Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    sender_id = models.BigIntegerField()  # delivery.Sender through which they subscribed and are reached
    active = models.BooleanField(default=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="subscriptions")  # none: all topics
    quarters = models.ManyToManyField(
        Quarter, blank=True, related_name="subscriptions"
    )  # none: the whole town
    # A key of frequencies.py, or everything as it comes out.
    frequency = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        constraints = [
            # Who linked two addresses is reached at one of them, and no third one is linked, whatever the code does.
            models.CheckConstraint(
                condition=models.Q(replaced_by=None) | models.Q(active=False), name="audience_sub_one_of_two"
            ),
            models.UniqueConstraint(
                fields=["replaced_by"],
                name="audience_sub_replaced",
                condition=models.Q(replaced_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "sender_id", "id"],
                name="audience_subscribed",
                condition=models.Q(active=True),
            ),
            models.Index(
                fields=["organization", "frequency", "id"],
                name="audience_frequency",
                condition=~models.Q(frequency=""),
            ),
            models.Index(
                fields=["organization", "-since", "-id"],
                name="audience_sub_newest",
                condition=models.Q(active=True),
            ),
            models.Index(
                fields=["organization", "-ended_at", "-id"],
                name="audience_sub_left",
                condition=models.Q(active=False),
            ),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class ListSettings(TenantModel):
    """How citizens join and leave, in the organization's own words. An empty text is not sent."""

    join_words = ArrayField(
        models.CharField(max_length=60), verbose_name=_("parole per iscriversi"), default=list, blank=True
    )
    leave_words = ArrayField(
        models.CharField(max_length=60), verbose_name=_("parole per cancellarsi"), default=list, blank=True
    )
    welcome_text = models.TextField(_("messaggio di benvenuto"), max_length=2000, blank=True)
    already_text = models.TextField(_("a chi è già iscritto"), max_length=1000, blank=True)
    goodbye_text = models.TextField(_("conferma della cancellazione"), max_length=1000, blank=True)
    not_subscribed_text = models.TextField(
        _("a chi si cancella senza essere iscritto"), max_length=1000, blank=True
    )
    accepted_text = models.TextField(
        _("a chi accetta una nuova versione dei testi"), max_length=1000, blank=True
    )
    confirm_text = models.TextField(
        _("a chi si iscrive, per chiedere la conferma"), max_length=1000, blank=True
    )
    double_opt_in = models.BooleanField(_("chi si iscrive deve confermare"), default=False, db_default=False)
    confirm_days = models.PositiveSmallIntegerField(_("giorni per confermare"), default=7, db_default=7)
    legal_basis = models.CharField(
        _("base giuridica dell’iscrizione"), max_length=10, choices=Basis, default=Basis.TASK
    )
    minimum_age = models.CharField(_("età minima"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organization"], name="audience_settings_once")]

    def __str__(self) -> str:
        return f"list settings {self.pk}"
