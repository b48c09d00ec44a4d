# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""That people were asked again, with which message, who, and what each answered."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Consent, Identity, Policy
from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sentences import SentenceField
from arengo.delivery.models import Fanout, Sender


class Renewal(TenantModel):
    """Richiesta di conferma: everybody who was on the list when a version was published is asked to accept it.

    ``until``: the end of the last day for an answer. ``asked``: how many so far. ``counted``: by state of ``Asking``, when it was
    over; None: it is not. ``tries``: how often the job began to ask; ``problem``: why it did not go on, in words for staff.
    """

    class Then(models.TextChoices):
        STAY = "stay", _("Resta nella lista")
        LEAVE = "leave", _("Esce dalla lista")

    class State(models.TextChoices):
        ASKING = "asking", _("si sta chiedendo")
        ASKED = "asked", _("si aspettano le risposte")
        CLOSING = "closing", _("escono le persone che non hanno risposto")
        CLOSED = "closed", _("conclusa")
        STOPPED = "stopped", _("fermata")
        RESTORING = "restoring", _("si torna indietro")
        RESTORED = "restored", _("annullata")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    then = models.CharField(_("chi non risponde"), max_length=5, choices=Then)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKING)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    restored_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    asked = models.PositiveIntegerField(default=0)
    counted = models.JSONField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = SentenceField(blank=True)

    OPEN = (State.ASKING, State.ASKED, State.CLOSING, State.RESTORING)

    class Meta(TenantModel.Meta):
        verbose_name = _("richiesta di conferma")
        verbose_name_plural = _("richieste di conferma")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                name="audience_renewal_alone",
                condition=models.Q(state__in=["asking", "asked", "closing", "restoring"]),
            ),
        ]

    def __str__(self) -> str:
        return f"renewal {self.pk}"

    @property
    def last_day(self) -> date:
        """The last on which an answer is in time."""
        return timezone.localtime(self.until).date()


class RenewalMailing(TenantModel):
    """With which mailing people are asked through one number, and its words as they read them: no personal data."""

    renewal = models.ForeignKey(Renewal, on_delete=models.CASCADE, related_name="mailings")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    fanout = models.OneToOneField(Fanout, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["renewal", "sender"], name="audience_renewal_once_a_sender")
        ]

    def __str__(self) -> str:
        return f"renewal mailing {self.pk}"


class Asking(TenantModel):
    """One person who is asked: once a renewal, the database sees to it. Rows go some months after it is over.

    ``delivery_id``: the message to them. ``taken_off``: the row of the log by which they left for not answering.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("non ha ancora risposto")
        ACCEPTED = "accepted", _("ha accettato")
        STAYS = "stays", _("ha chiesto di restare, senza dire che accetta")
        LEFT = "left", _("è uscita dalla lista")
        UNREACHED = "unreached", _("non è stata raggiunta in tempo")
        UNANSWERED = "unanswered", _("è uscita perché non ha risposto")
        RESTORED = "restored", _("è stata rimessa nella lista")

    renewal = models.ForeignKey(Renewal, on_delete=models.CASCADE, related_name="askings", db_index=False)
    mailing = models.ForeignKey(RenewalMailing, on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    delivery_id = models.BigIntegerField()
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answered_at = models.DateTimeField(null=True)
    taken_off = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    # Whose «yes» is still worth a line of the log.
    OPEN = (State.WAITING, State.STAYS, State.UNREACHED, State.RESTORED)

    class Meta(TenantModel.Meta):
        verbose_name = _("persona a cui si è chiesto di nuovo")
        verbose_name_plural = _("persone a cui si è chiesto di nuovo")
        constraints = [
            models.UniqueConstraint(fields=["renewal", "identity"], name="audience_asking_once"),
        ]
        indexes = [models.Index(fields=["renewal", "state", "id"], name="audience_asking_state")]

    def __str__(self) -> str:
        return f"asking {self.pk}"
