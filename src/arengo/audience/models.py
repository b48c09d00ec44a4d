# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens, their addresses, what they agreed to."""

from __future__ import annotations

from datetime import date

import msgspec
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.basis import Basis
from arengo.audience.naming import Named
from arengo.audience.reasons import BY_RULE, Reason
from arengo.audience.ways import Way
from arengo.core.models import Person
from arengo.core.personal_keys import PersonalKey, opened_with
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, OpaqueField, SealedField
from arengo.core.vault import vault
from arengo.platforms.contract import Address, Words
from arengo.platforms.registry import platform

_OWN_KEY = "under the citizen's own key"


class Contact(TenantModel):
    """Cittadino: a person, known by one identity or more. ``name`` is what they call themselves there."""

    name = models.CharField(_("nome"), max_length=200, blank=True)
    # They asked for this name: what the platform calls them does not change it any more.
    name_corrected = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("cittadino")
        verbose_name_plural = _("cittadini")
        indexes = [models.Index(fields=["organization", "name"], name="audience_contact_name")]

    def __str__(self) -> str:
        return f"contact {self.pk}"  # no name: it may end up in a log


class ContactKey(PersonalKey, TenantModel):
    """The key under which the consents of one citizen name them. After a merge a contact has those of both.

    Erasing the citizen destroys their keys: the consents stay, and nobody can tell any more whose they were.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="keys")

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"key {self.pk}"


class FormerAddress(TenantModel):
    """An address that a citizen no longer has, and until when: for erasing what was sent there.

    Its user id, which is never anybody else's, still tells whose a message is that comes late (``identities.py``). Its
    number does not: somebody else may have it by now.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="former_addresses")
    platform = models.CharField(max_length=20)
    address_sealed = SealedField(purpose="address")
    user_id_hash = LookupField(max_length=32, null=True)
    until = models.DateTimeField()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["until"], name="audience_former_until"),
            models.Index(
                fields=["user_id_hash"],
                name="audience_former_user",
                condition=models.Q(user_id_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"former address {self.pk}"

    @property
    def address(self) -> Address:
        return msgspec.json.decode(vault().open(self.address_sealed, purpose="address"), type=Address)


def phone_hash(platform: str, phone: str) -> bytes:
    """``phone`` in E.164 with its plus sign. The same hash as of ``Address.key``."""
    return vault().lookup_on(*Address(phone=phone).key(platform))


def user_hash(platform: str, user_id: str) -> bytes:
    return vault().lookup_on(*Address(user_id=user_id).key(platform))


class Identity(TenantModel):
    """One address of a contact on one platform. Phone and user id are sealed; each is found by its keyed hash.

    Since 2026 either may be missing, never both.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    platform = models.CharField(max_length=20)
    phone_sealed = SealedField(purpose="phone", null=True)
    phone_hash = LookupField(max_length=32, null=True)
    user_id_sealed = SealedField(purpose="user_id", null=True)
    user_id_hash = LookupField(max_length=32, null=True)
    username = models.CharField(max_length=100, blank=True)
    last_wrote_at = models.DateTimeField(null=True, blank=True)  # the reply window counts from here
    # They told the platform, not us: no news, no digests (audience/news.py). And when they last said so or the contrary.
    marketing_stopped_at = models.DateTimeField(null=True, blank=True)
    marketing_said_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Of one that the transaction in hand has just made: nothing else can be known of them yet, so nothing is looked up.
    fresh = False

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "platform", "phone_hash"], name="audience_identity_phone"
            ),
            models.UniqueConstraint(
                fields=["organization", "platform", "user_id_hash"], name="audience_identity_user"
            ),
            models.CheckConstraint(
                condition=models.Q(phone_hash__isnull=False) | models.Q(user_id_hash__isnull=False),
                name="audience_identity_reachable",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "id"],
                name="audience_stopped_news",
                condition=models.Q(marketing_stopped_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"identity {self.pk}"

    def move_to(self, address: Address) -> None:
        """Sets where the person is reached from now on; a part that the address lacks is forgotten."""
        phone, user_id = address.phone, address.user_id
        seal_text = vault().seal_text
        self.phone_sealed = seal_text(phone, purpose="phone") if phone else None
        self.phone_hash = phone_hash(self.platform, phone) if phone else None
        self.user_id_sealed = seal_text(user_id, purpose="user_id") if user_id else None
        self.user_id_hash = user_hash(self.platform, user_id) if user_id else None

    @property
    def words(self) -> Words:
        """How its platform is called on screen."""
        return platform(self.platform).words

    @property
    def subject_hash(self) -> bytes:
        """What names the person in the consent log; the phone wins because people can tell theirs."""
        return bytes(self.phone_hash or self.user_id_hash or b"")

    @property
    def phone(self) -> str:
        """The number in the clear, and nothing else of the address; empty for who shows none. Never for a log."""
        return vault().open_text(self.phone_sealed, purpose="phone") if self.phone_sealed else ""

    @property
    def address(self) -> Address:
        """The address in the clear: for sending and for the screen of those who may see it, never for a log."""
        open_text = vault().open_text
        return Address(
            phone=open_text(self.phone_sealed, purpose="phone") if self.phone_sealed else None,
            user_id=open_text(self.user_id_sealed, purpose="user_id") if self.user_id_sealed else None,
        )


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
    legal_basis = models.CharField(max_length=10, choices=Basis, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "version"], name="audience_policy_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


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


class Consent(TenantModel):
    """Consenso: append-only. The proof: who, when, which message, its very text, which version was shown.

    The subject, the message id and its text are sealed under ``key``, a key of that person alone; ``message_hash`` finds the
    same message again under it. Erasing the person destroys the key and sets ``identity`` to NULL: the row stays, and
    names nobody. The database lets nothing of a row change but ``identity``. ``effective`` is False for words that
    changed nothing: a leave of who was not on the list, a join that arrived after a later leave. ``reason``: of each that
    is withdrawn, and of no other.
    """

    class Action(models.TextChoices):
        GIVEN = "given", _("dato")
        WITHDRAWN = "withdrawn", _("revocato")

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
    poster = models.CharField(max_length=20, blank=True)  # the code in the prepared text, of Way.POSTER
    sender_id = models.BigIntegerField(null=True)  # delivery.Sender to which it was said
    by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )  # of staff, of an import
    effective = models.BooleanField(default=True)
    message_hash = OpaqueField(max_length=32, null=True, because=_OWN_KEY)
    message_id_sealed = OpaqueField(null=True, because=_OWN_KEY)
    text_sealed = OpaqueField(null=True, because=_OWN_KEY)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+")
    rules = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "message_hash"],
                name="audience_consent_once",
                condition=models.Q(message_hash__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(action="given", reason="")
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
                fields=["organization", "reason", "-at", "-id"],
                name="audience_consent_reasons",
                condition=models.Q(effective=True, action="withdrawn"),
            ),
            models.Index(
                fields=["organization", "source", "-at", "-id"],
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


class Subscription(TenantModel):
    """Iscrizione: that an identity is on the list now. The consent log says how that came to be.

    ``ended_at`` of an inactive one is their latest word: a join that is older and arrives later counts for nothing.
    """

    identity = models.OneToOneField(Identity, on_delete=models.CASCADE, related_name="subscription")
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


class Edited(TenantModel):
    """That somebody edited a message of theirs, and when: for as long as the message itself may still be on its way.

    An edit that names another person's message changes nothing. Rows go after a month (``jobs.forget_edits``); the platform
    brings nothing that is older.
    """

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    about_hash = LookupField(max_length=16)  # vault().message_hash(…) of the message, not of the edit
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["about_hash", "identity", "at"], name="audience_edited_once"),
        ]
        indexes = [models.Index(fields=["at"], name="audience_edited_age")]

    def __str__(self) -> str:
        return f"edited {self.pk}"


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
    legal_basis = models.CharField(
        _("base giuridica dell’iscrizione"), max_length=10, choices=Basis, default=Basis.TASK
    )
    minimum_age = models.CharField(_("età minima"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organization"], name="audience_settings_once")]

    def __str__(self) -> str:
        return f"list settings {self.pk}"
