# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll, the votes that wait to be counted, and who voted. None of them says who voted what (decision 66)."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Identity
from arengo.core.scope import TenantModel
from arengo.core.sealed import OpaqueField
from arengo.newsroom.models import Update

_NOT_THE_VAULTS = "sealed for the poll's own key, which dies with it: the vault's keys must not open it"


class Poll(TenantModel):
    """Sondaggio: what was asked, as it was sent, and its ballot box.

    While it is open, ``box`` and each ``Pending`` are sealed for a key that lies in a file and dies at the closing (``keys``);
    the vault's keys do not open them. ``counted``: votes for each answer so far, always at least ``counting.LEAST`` people at
    once; ``counted_from``: by outlet. At the closing ``register`` holds one line a vote, ``statement`` the result, and
    ``signature`` is of the statement, by a key that died with the other.
    """

    class State(models.TextChoices):
        OPEN = "open", _("aperto")
        CLOSED = "closed", _("chiuso")
        LOST = "lost", _("senza chiave")  # its file was not there when it was to be counted

    update = models.OneToOneField(Update, on_delete=models.CASCADE, related_name="poll")
    code = models.UUIDField(default=uuid.uuid4, editable=False)  # names the file of its key
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    question = models.TextField()
    options = ArrayField(models.TextField())
    page_url = models.TextField(blank=True)  # the official page that explains it
    shows_so_far = models.BooleanField(default=False)  # on its public page, before it is closed
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    public_key = OpaqueField(because="a public key: X25519, 32 bytes; votes are sealed for it")
    signing_key = OpaqueField(because="a public key: the uncompressed point of P-256")
    outlets = ArrayField(
        models.CharField(max_length=40), default=list
    )  # a vote says by its place here where it came from
    box = OpaqueField(default=bytes, because=_NOT_THE_VAULTS)
    counted = ArrayField(models.PositiveIntegerField(), default=list)
    counted_from = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)
    register = models.TextField(blank=True)
    statement = models.TextField(blank=True)
    signature = OpaqueField(default=bytes, because="a signature")
    # The entries of the log that have its key and its statement since they were made: nobody changes those.
    opened_entry = models.BigIntegerField(null=True)
    counted_entry = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # to close it without finding its key

    class Meta(TenantModel.Meta):
        verbose_name = _("sondaggio")
        verbose_name_plural = _("sondaggi")
        indexes = [
            models.Index(fields=["closes_at"], name="newsroom_poll_open", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("polls:poll", args=[self.update_id])

    @property
    def votes(self) -> int:
        """Counted so far; of a closed one, all."""
        return sum(self.counted)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Pending(TenantModel):
    """A vote on its way to the box: sealed for the poll's key, as long as any other, without a time."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="pending")
    sealed = OpaqueField(because=_NOT_THE_VAULTS)

    class Meta(TenantModel.Meta):
        verbose_name = _("voto in attesa")
        verbose_name_plural = _("voti in attesa")

    def __str__(self) -> str:
        return f"pending vote {self.pk}"


class Voter(TenantModel):
    """That somebody voted, as in the register of an election: not what, nor when. Written in batches, and at the closing anew."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voters")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    closed_at = models.DateTimeField(null=True)  # the poll's, for how long it is kept

    class Meta(TenantModel.Meta):
        verbose_name = _("chi ha votato")
        verbose_name_plural = _("chi ha votato")
        constraints = [models.UniqueConstraint(fields=["poll", "identity"], name="newsroom_voter_once")]
        indexes = [
            models.Index(fields=["organization", "closed_at"], name="newsroom_voter_age"),
        ]

    def __str__(self) -> str:
        return f"voter {self.pk}"


class PollWords(TenantModel):
    """What the organization says to who votes; without a row, the words that Arengo proposes (``answers``)."""

    taken = models.TextField(_("voto arrivato"))
    late = models.TextField(_("voto arrivato tardi"))

    class Meta(TenantModel.Meta):
        verbose_name = _("parole dei sondaggi")
        verbose_name_plural = _("parole dei sondaggi")
        constraints = [models.UniqueConstraint(fields=["organization"], name="newsroom_poll_words_once")]

    def __str__(self) -> str:
        return self.taken[:40]
