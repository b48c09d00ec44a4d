# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed: of one person's choice, for ever and sealed; of a topic or quarter, for as long as it can be undone."""

from __future__ import annotations

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import ContactKey, Identity, Subscription
from arengo.core.models import Person
from arengo.core.personal_keys import opened_with
from arengo.core.scope import TenantModel
from arengo.core.sealed import OpaqueField

OWN_KEY = "under the citizen's own key"
SUBJECT, DETAIL, TEXT, MESSAGE = "choice subject", "choice detail", "choice text", "choice message"


class Detail(msgspec.Struct, omit_defaults=True):
    """Names, as they were then. ``before``, ``after``: the frequency, a key of ``frequencies.py``."""

    added: list[str] = []  # topics
    removed: list[str] = []
    all_topics: bool = False  # from now on
    added_quarters: list[str] = []
    removed_quarters: list[str] = []
    whole_town: bool = False  # from now on
    before: str = ""
    after: str = ""


class Choosing(TenantModel):
    """Scelta: append-only. Of somebody on the list: what they changed of what they receive, when, in which way, in which words.

    Sealed as a consent is (``Consent``): after the person was erased it names nobody and says nothing.
    """

    class Way(models.TextChoices):
        MESSAGE = "message", _("messaggio del cittadino")
        BUTTON = "button", _("elenco premuto nella chat")
        PAGE = "page", _("pagina personale")
        STAFF = "staff", _("operatore, su richiesta del cittadino")

    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="choosings")
    # As of a consent: a row that only grows cannot follow its key.
    key = models.ForeignKey(
        ContactKey,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    subject_sealed = OpaqueField(null=True, because=OWN_KEY)
    at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # of staff
    detail_sealed = OpaqueField(null=True, because=OWN_KEY)
    text_sealed = OpaqueField(null=True, because=OWN_KEY)
    message_id_sealed = OpaqueField(null=True, because=OWN_KEY)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "audience_choice"
        indexes = [models.Index(fields=["identity", "-at"], name="audience_choice_recent")]

    def __str__(self) -> str:
        return f"choosing {self.pk}"

    @property
    def own_key(self) -> ContactKey | None:
        """None after the person was erased. For a list, select ``key`` too."""
        try:
            return self.key
        except ContactKey.DoesNotExist:
            return None

    @property
    def detail(self) -> Detail:
        return msgspec.json.decode(opened_with(self.own_key, self.detail_sealed, DETAIL) or "{}", type=Detail)

    @property
    def text(self) -> str:
        return opened_with(self.own_key, self.text_sealed, TEXT)

    @property
    def message_id(self) -> str:
        return opened_with(self.own_key, self.message_id_sealed, MESSAGE)


class Change(TenantModel):
    """What the staff did with a topic or quarter: it can be undone for some days.

    ``about`` and ``into``: ids of ``sort``'s rows. ``before``: name, words and season as they were, of one that was changed.
    """

    class Action(models.TextChoices):
        CHANGED = "changed", _("cambiato")
        REMOVED = "removed", _("tolto")
        MERGED = "merged", _("unito")

    class Sort(models.TextChoices):
        TOPIC = "topic", _("tema")
        QUARTER = "quarter", _("quartiere")

    action = models.CharField(max_length=10, choices=Action)
    sort = models.CharField(max_length=10, choices=Sort)
    about = models.BigIntegerField()
    into = models.BigIntegerField(null=True)
    name = models.CharField(max_length=80)  # as it was
    before = models.JSONField(default=dict)
    people = models.PositiveIntegerField(default=0)  # who was touched
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["organization", "-at"], name="audience_change_recent")]

    def __str__(self) -> str:
        return f"change {self.pk}"


class Touched(TenantModel):
    """Somebody whose choice a change moved. ``had_target``: they had chosen the other one already."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="touched")
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="+")
    had_target = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["change", "subscription"], name="audience_touched_once")
        ]

    def __str__(self) -> str:
        return f"touched {self.pk}"
