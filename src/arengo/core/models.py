# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Organizations, the people who work in them, and what they did."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.personal_keys import PersonalKey, opened_with
from arengo.core.scope import Tenant, TenantModel
from arengo.core.sealed import OpaqueField, SealedField
from arengo.core.vault import LOOKUP_PURPOSE


class Palette(models.TextChoices):
    """The precompiled palettes (``frontend/palettes.json`` builds one stylesheet for each)."""

    BORDEAUX = "bordeaux", _("Bordeaux")
    FOREST = "forest", _("Verde bosco")
    TEAL = "teal", _("Petrolio")
    SLATE = "slate", _("Ardesia")
    SIENNA = "sienna", _("Terra di Siena")
    VIOLET = "violet", _("Viola")


class Organization(Tenant):
    """Ente: the tenant. One Comune."""

    name = models.CharField(_("nome dell'ente"), max_length=200)
    slug = models.SlugField(_("nome breve"), max_length=50, unique=True)
    tagline = models.CharField(_("motto"), max_length=200, blank=True)
    parent_name = models.CharField(
        _("ente di appartenenza"), max_length=200, blank=True, help_text=_("Per esempio la Regione.")
    )
    parent_url = models.URLField(_("sito dell'ente di appartenenza"), blank=True)
    website = models.URLField(_("sito istituzionale"), blank=True)
    palette = models.CharField(_("colori"), max_length=20, choices=Palette, default=Palette.TEAL)
    logo = models.FileField(_("stemma"), upload_to="logos/", blank=True)
    language = models.CharField(_("lingua"), max_length=5, default="it")
    time_zone = models.CharField(max_length=50, default="Europe/Rome", editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    pec = models.EmailField(_("PEC"), blank=True)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    desk_hours = models.CharField(
        _("orari dello sportello"),
        max_length=200,
        blank=True,
        help_text=_("Come li legge il cittadino, per esempio «dal lunedì al venerdì, 9–13»."),
    )
    reports_url = models.URLField(
        _("sistema di segnalazione"),
        blank=True,
        help_text=_("Dove il cittadino invia segnalazioni e reclami."),
    )
    dpo_contact = models.CharField(_("responsabile della protezione dei dati"), max_length=200, blank=True)
    legal_notes = models.TextField(_("note legali"), blank=True)
    accessibility_url = models.URLField(_("dichiarazione di accessibilità"), blank=True)
    require_second_factor = models.BooleanField(
        _("secondo passaggio per tutti"), default=False, editable=False
    )  # of every member; of administrators it is always required (accounts/policy.py)
    alarms = ArrayField(models.CharField(max_length=30), default=list, editable=False)  # core/alarms.py
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("ente")
        verbose_name_plural = _("enti")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class OrganizationHost(models.Model):
    """A host name by which an organization is found. Lower case, no port."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField(max_length=253, unique=True, validators=[RegexValidator(r"^[a-z0-9.-]+$")])

    def __str__(self) -> str:
        return self.host


def _nobody() -> str:
    """What stands where an erased person's name was."""
    return gettext("persona cancellata")


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        if not email:
            raise ValueError("A person signs in with an e-mail address.")
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """Of the account whose owner proved the address: others may carry the same one without proof."""
        return self.get(email=(username or "").lower(), proved_at__isnull=False)


class Person(AbstractBaseUser, PermissionsMixin):
    """An account of somebody who works here and signs in by e-mail. Citizens are ``audience.Contact``.

    An address belongs to at most one account: the one whose owner proved it, by a link that was mailed there
    (``proved_at``). An account without proof counts only in the organizations that made it; several may carry the
    same address, and none of them says anything about the address's owner.
    """

    email = models.EmailField(_("e-mail"), db_index=True)
    proved_at = models.DateTimeField(_("indirizzo verificato il"), null=True, editable=False)
    name = models.CharField(_("nome e cognome"), max_length=150)
    language = models.CharField(_("lingua"), max_length=5, blank=True)
    is_active = models.BooleanField(_("attiva"), default=True)
    is_staff = models.BooleanField(default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, editable=False)  # core/staff_privacy.py: nameless since then

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("persone")
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(proved_at__isnull=False), name="core_person_proved_once"
            ),
        ]

    def __str__(self) -> str:
        return _nobody() if self.erased_at else self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class Role(models.TextChoices):
    OPERATOR = "operator", _("Operatore")
    EDITOR = "editor", _("Redattore")
    APPROVER = "approver", _("Approvatore")
    ADMINISTRATOR = "administrator", _("Amministratore")
    AUDITOR = "auditor", _("Revisore")


class Membership(TenantModel):
    """That a person works in an organization, and as what."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("ruoli"))
    created_at = models.DateTimeField(auto_now_add=True)
    # The last sign-in at this organization's own host: what the person does elsewhere is not its business.
    entered_at = models.DateTimeField(_("ultimo accesso"), null=True, editable=False)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="core_membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.organization_id}"

    def clean(self) -> None:
        if not self.roles:
            raise ValidationError({"roles": _("Scegliere almeno un ruolo.")})

    def has(self, *roles: str) -> bool:
        """Whether one of these roles is theirs. An administrator has every one of them, the auditor's too."""
        return Role.ADMINISTRATOR in self.roles or any(role in self.roles for role in roles)


class StaffKey(PersonalKey):
    """The key of one person of the staff. Without it the log does not tell any more who that person was."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="log_key")

    def __str__(self) -> str:
        return f"key of person {self.pk}"


class AuditEntry(models.Model):
    """One action: actor, verb, object. Append-only: the database refuses to change or delete a row (see the first migration).

    ``label_sealed`` is the person's name at that time, sealed under their own key (:class:`StaffKey`): erasing the
    person destroys the key, the row stays. ``detail`` holds facts that name nobody: ids and settings' names.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    label_sealed = OpaqueField(null=True, because="sealed under the person's own key")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "-at"], name="core_audit_recent")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

    @property
    def person_label(self) -> str:
        """The actor, by the name of that time. For a list, select ``person__log_key`` too."""
        if self.person is None:
            return "Arengo"
        return opened_with(getattr(self.person, "log_key", None), self.label_sealed, "log") or _nobody()


class LiveEvent(models.Model):
    """A signal to people's screens that something changed; kept for an hour, for screens that were away."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="core_live_at")]

    def __str__(self) -> str:
        return self.topic


class Heartbeat(models.Model):
    """A process of ours that lives: ``/readyz``, ``arengo doctor`` and ``arengo status`` look here."""

    name = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    began_at = models.DateTimeField(default=timezone.now)
    detail = models.JSONField(default=dict)  # what the process sees of its own work; no personal data

    def __str__(self) -> str:
        return self.name


class LookupKeys(models.Model):
    """The keys of ``vault().lookup``: one row, made by the first ``migrate`` (core/lookup_keys.py)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    keys_sealed = SealedField(purpose=LOOKUP_PURPOSE)  # 32 bytes each, joined, the oldest first
    # Ids of the vault keys that ever opened the newest of them, the current one last: who holds one of those, and a
    # backup of that time, can tell a number by its hash until the lookup keys are renewed.
    known_to = ArrayField(models.CharField(max_length=32))
    # How many of them hashed what names people before the platform's name became a part of it (``Vault.lookup_on``).
    named_after = models.SmallIntegerField(db_default=1, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="core_lookupkeys_once")]

    def __str__(self) -> str:
        return "lookup keys"


class Erasure(TenantModel):
    """That somebody's data were erased, and how far that has come in PostgreSQL's own files (``core/rewriting.py``).

    ``tables`` wait to be rewritten, ``unfinished`` counts the jobs that still take something away, ``xid`` is the last
    transaction that did. ``obstacles`` are the words of the last attempt that could not end; ``gone_at`` is when
    nothing was left in the files.
    """

    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    tables = ArrayField(models.CharField(max_length=63), default=list)
    unfinished = models.PositiveSmallIntegerField(default=0)
    xid = models.BigIntegerField(default=0)
    rewritten_at = models.DateTimeField(null=True)
    log_position = models.CharField(max_length=30, blank=True)  # PostgreSQL's log when the rewriting was done
    gone_at = models.DateTimeField(null=True)
    obstacles = ArrayField(models.CharField(max_length=120), default=list)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="core_erasure_of"),
            models.Index(fields=["at"], name="core_erasure_left", condition=models.Q(gone_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.object_type} {self.object_id}"


class Attempt(models.Model):
    """A counter of attempts within a window (core/attempts.py). The key is a keyed hash: no address, no account."""

    key = OpaqueField(primary_key=True, max_length=32, because="a keyed hash that lives for minutes")
    count = models.IntegerField(default=0)
    value = models.JSONField(null=True)  # what allauth counts, in its own form
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="core_attempt_until")]

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%H:%M}"


class AutomaticSwitch(TenantModel):
    """Whether the organization sends an automatic message of a kind (core/automatic.py). Without a row it does not."""

    kind = models.CharField(max_length=40)
    on = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organization", "kind"], name="core_switch_once")]

    def __str__(self) -> str:
        return f"{self.kind} {'on' if self.on else 'off'}"


class AutomaticPace(TenantModel):
    """Until when the organization's allowance of automatic messages is used up (core/governor.py): one row each."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="+", editable=False
    )
    used_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"pace {self.pk}"


class AutomaticCount(TenantModel):
    """What the governor decided in one hour, of one kind. Kept for some weeks; no person's."""

    kind = models.CharField(max_length=40)
    hour = models.DateTimeField()
    sent = models.IntegerField(default=0)
    queued = models.IntegerField(default=0)  # of those sent: later, at the organization's pace
    too_many_to_one = models.IntegerField(default=0)  # not sent
    too_many_in_all = models.IntegerField(default=0)  # not sent

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "hour", "kind"], name="core_automatic_once")
        ]
        indexes = [models.Index(fields=["hour"], name="core_automatic_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.hour:%d %H}"
