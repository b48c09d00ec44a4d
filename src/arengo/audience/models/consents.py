# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens agreed to, and what they were shown."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from arengo.audience.basis import Basis
from arengo.audience.models.people import ContactKey, Identity
from arengo.audience.reasons import BY_RULE, Reason
from arengo.audience.ways import LONGEST_CODE, Way
from arengo.core.models import Person
from arengo.core.personal_keys import opened_with
from arengo.core.scope import TenantModel
from arengo.core.sealed import OpaqueField

_OWN_KEY = "under the citizen's own key"


class Policy(TenantModel):
    """Informativa: the privacy notice, and the house rules, one version after the other. A version never changes."""

    class Kind(models.TextChoices):
        PRIVACY = "privacy", _("Informativa sulla privacy")
        RULES = "rules", _("Regole della casa")

    kind = models.CharField(max_length=10, choices=Kind)
    version = models.PositiveIntegerField()
    text = models.TextField(_("testo completo"))
    summary = models.TextField(_("testo breve, inviato nella chat"), max_length=1500)
    published_at = models.DateTimeField(auto_now_add=True)
    # On what the list rested when it was published; "" of versions from before that was a setting.
    legal_basis = models.CharField(max_length=10, choices=Basis, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "version"], name="audience_policy_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


# By which way: rows of before ways were kept have only a source.
CAME = Coalesce(NullIf(models.F("way"), models.Value("")), models.F("source"))


class Consent(TenantModel):
    """Consenso: append-only. The proof: who, when, which message, its very text, which version was shown.

    The subject, the message id and its text are sealed under ``key``, a key of that person alone; ``message_hash`` finds the
    same message again under it. Erasing the person destroys the key and sets ``identity`` to NULL: the row stays, and
    names nobody. The database lets nothing of a row change but ``identity``. ``effective`` is False for words that
    changed nothing: a leave of who was not on the list, a join that arrived after a later leave. ``reason``: of each that
    is withdrawn, and of no other. Neither a confirmation nor a wish is effective.
    """

    class Action(models.TextChoices):
        GIVEN = "given", _("dato")
        WITHDRAWN = "withdrawn", _("revocato")
        CONFIRMED = "confirmed", _("confermato")  # asked again, of a new version of the texts
        WISHED = "wished", _("da confermare")  # a join that counts once it is confirmed

    class Source(models.TextChoices):
        MESSAGE = "message", _("messaggio del cittadino")
        PLATFORM = "platform", _("impostazioni di WhatsApp del cittadino")
        STAFF = "staff", _("operatore, su richiesta del cittadino")
        IMPORT = "import", _("importazione di un elenco")
        RULE = "rule", _("regola della lista, applicata da Arengo")
        PAGE = "page", _("pagina personale del cittadino")

    identity = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, related_name="consents")
    # The number stays when the key is gone: a row that only grows cannot follow it.
    key = models.ForeignKey(
        ContactKey,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    # The address's keyed hash: what names the person in the proof.
    subject_sealed = OpaqueField(null=True, because=_OWN_KEY)
    action = models.CharField(max_length=10, choices=Action)
    at = models.DateTimeField()
    source = models.CharField(max_length=20, choices=Source)
    reason = models.CharField(max_length=20, choices=Reason, blank=True, default="")
    way = models.CharField(max_length=10, choices=Way, blank=True)
    poster = models.CharField(
        max_length=LONGEST_CODE, blank=True
    )  # of Way.POSTER: the place's code in the message
    sender_id = models.BigIntegerField(null=True)  # delivery.Sender to which it was said
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )  # of staff, of an import
    effective = models.BooleanField(default=True)
    # Said at one of two linked addresses, it counted at the other, where a line of its own says so. Not ``effective`` here.
    elsewhere = models.BooleanField(default=False, db_default=False)
    message_hash = OpaqueField(max_length=32, null=True, because=_OWN_KEY)
    message_id_sealed = OpaqueField(null=True, because=_OWN_KEY)
    text_sealed = OpaqueField(null=True, because=_OWN_KEY)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+")
    rules = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+")
    # Of a join that was asked for twice: the wish that it confirms.
    confirms = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "message_hash"],
                name="audience_consent_once",
                condition=models.Q(message_hash__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(action__in=["given", "confirmed", "wished"], reason="")
                | models.Q(action="withdrawn", reason__in=Reason.values),
                name="audience_consent_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["identity", "-at"], name="audience_consent_recent"),
            models.Index(fields=["organization", "id"], name="audience_consent_log"),  # all, page by page
            models.Index(
                fields=["organization", "at"],
                name="audience_consent_days",
                condition=models.Q(effective=True),
            ),
            models.Index(
                fields=["organization", "poster", "at"],
                name="audience_consent_places",
                condition=~models.Q(poster="") & models.Q(effective=True, action="given"),
            ),
            models.Index(
                fields=["organization", "reason", "-at", "-id"],
                name="audience_consent_reasons",
                condition=models.Q(effective=True, action="withdrawn"),
            ),
            models.Index(
                models.F("organization"),
                CAME,
                models.F("at").desc(),
                models.F("id").desc(),
                name="audience_consent_ways",
                condition=models.Q(effective=True, action="given"),
            ),
            models.Index(
                fields=["organization", "-at", "-id"],
                name="audience_consent_ruled",
                condition=models.Q(effective=True, reason__in=BY_RULE),
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    @property
    def own_key(self) -> ContactKey | None:
        """None after the person was erased. For a list, select ``key`` too."""
        try:
            return self.key
        except ContactKey.DoesNotExist:
            return None

    @property
    def way_words(self) -> str:
        """How it was said, as exactly as is known."""
        words = str(self.get_way_display() or self.get_source_display())
        return f"{words} ({self.poster})" if self.poster else words

    @property
    def text(self) -> str:
        return opened_with(self.own_key, self.text_sealed, "consent text")

    @property
    def message_id(self) -> str:
        return opened_with(self.own_key, self.message_id_sealed, "consent message")

    @property
    def subject_hash(self) -> bytes:
        """Of the address that the person had then (``Identity.subject_hash``); empty after they were erased."""
        return bytes.fromhex(opened_with(self.own_key, self.subject_sealed, "consent subject"))
