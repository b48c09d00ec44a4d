# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests of citizens about their data."""

from __future__ import annotations

import calendar
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Contact, ContactKey, Identity
from arengo.core.models import Person
from arengo.core.personal_keys import opened_with
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, OpaqueField

_OWN_KEY = "under the citizen's own key"
NAME = "corrected name"  # what the names are sealed for


def month_after(day: date) -> date:
    """GDPR art. 12: «entro un mese». Of a month that is shorter its last day (Regulation 1182/71, art. 3)."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Right(models.TextChoices):
    COPY = "copy", _("Che cosa sappiamo di lei")
    CORRECT = "correct", _("Correggi")
    OBJECT = "object", _("Si oppone")
    ERASE = "erase", _("Cancella tutto di lei")


class Way(models.TextChoices):
    """How somebody asked."""

    COUNTER = "counter", _("allo sportello")
    PHONE = "phone", _("al telefono")
    CHAT = "chat", _("nella chat")
    LETTER = "letter", _("per lettera, e-mail o PEC")
    PAGE = "page", _("dalla sua pagina personale")


class Check(models.TextChoices):
    """How it was seen that who asks is who they say."""

    CODE = "code", _("codice nella sua chat")
    DOCUMENT = "document", _("documento mostrato")
    REMOTE = "remote", _("PEC, SPID o CIE")
    LINK = "link", _("collegamento nella sua chat")


class RightsRequest(TenantModel):
    """Richiesta: what somebody asked of their data, when, by when it is due, how it was checked that it was them, when it was done.

    After an erasure the row stays, without names: it shows that the request was met.
    """

    class State(models.TextChoices):
        OPEN = "open", _("aperta")
        DONE = "done", _("fatta")
        WITHDRAWN = "withdrawn", _("non serve più")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    right = models.CharField(_("che cosa chiede"), max_length=10, choices=Right)
    way = models.CharField(_("come l’ha chiesto"), max_length=10, choices=Way)
    asked_on = models.DateField(_("quando l’ha chiesto"))
    due_on = models.DateField()
    by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+"
    )  # who wrote it down
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    check_way = models.CharField(max_length=10, choices=Check, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    # Of a correction. The number of the key stays when the key is gone, as of Consent.
    key = models.ForeignKey(
        ContactKey,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    before_sealed = OpaqueField(null=True, because=_OWN_KEY)
    after_sealed = OpaqueField(null=True, because=_OWN_KEY)

    class Meta(TenantModel.Meta):
        verbose_name = _("richiesta sui dati")
        verbose_name_plural = _("richieste sui dati")
        indexes = [
            models.Index(
                fields=["organization", "due_on", "id"], name="audience_rights_due", condition=Q(state="open")
            ),
            models.Index(
                fields=["organization", "-ended_at"], name="audience_rights_ended", condition=~Q(state="open")
            ),
            models.Index(fields=["ended_at"], name="audience_rights_age", condition=~Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"rights request {self.pk}"

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_on < timezone.localdate()

    @property
    def before(self) -> str:
        return self._opened(self.before_sealed)

    @property
    def after(self) -> str:
        return self._opened(self.after_sealed)

    def _opened(self, sealed: bytes | None) -> str:
        try:
            return opened_with(self.key, sealed, NAME)
        except ContactKey.DoesNotExist:
            return ""


class IdentityCode(TenantModel):
    """A code in the citizen's chat, which they read out: who has the chat is who the card is about. Serves once."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    code_hash = LookupField(max_length=32)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["expires_at"], name="audience_code_age")]

    def __str__(self) -> str:
        return f"identity code {self.pk}"


class Objection(TenantModel):
    """Opposizione: no notices for this person any more, until they join again themselves."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"objection {self.pk}"
