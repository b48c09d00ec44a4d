# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citizens and their addresses."""

from __future__ import annotations

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.core.personal_keys import PersonalKey
from arengo.core.scope import TenantModel
from arengo.core.sealed import LookupField, SealedField
from arengo.core.vault import vault
from arengo.platforms.contract import Address, Words
from arengo.platforms.registry import platform


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


class Edited(TenantModel):
    """That somebody edited a message of theirs, and when: for as long as the message itself may still be on its way.

    An edit that names another person's message changes nothing. Rows go after a month (``audience.edits``); the platform
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
