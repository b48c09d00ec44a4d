# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An archive of all proofs: how far it has come, who took it, and its bytes for some days."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Person
from arengo.core.scope import TenantModel
from arengo.core.sealed import SealedField
from arengo.core.vault import vault

_BYTES = "inspection"


class Inspection(TenantModel):
    """Archivio di tutte le prove. ``total``: lines of the log when it was asked for; ``size``: bytes."""

    class State(models.TextChoices):
        MAKING = "making", _("in preparazione")
        READY = "ready", _("pronto")
        GONE = "gone", _("tolto")

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.MAKING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                name="audience_inspections_one",
                condition=models.Q(state="making"),
            ),
        ]

    def __str__(self) -> str:
        return f"inspection {self.pk}"


class Piece(TenantModel):
    """A piece of the archive, in the order of ``position``."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="pieces")
    position = models.PositiveIntegerField()
    content_sealed = SealedField(purpose=_BYTES)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "position"], name="audience_inspections_piece_once"
            ),
        ]

    def __str__(self) -> str:
        return f"piece {self.pk}"

    @staticmethod
    def sealed(content: bytes) -> bytes:
        return vault().seal(content, purpose=_BYTES)

    @property
    def content(self) -> bytes:
        return vault().open(self.content_sealed, purpose=_BYTES)
