# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that belong to one person each, for rows that only grow.

What names a person in such a row is sealed, or hashed, under a key of that person's own. The key itself is sealed by the
vault and lies in a row that can be deleted: then the person's rows stay, and nobody, with the vault's keys neither, can
read from them who it was. Values have the form of the vault's (``core/vault.py``); their key id is not one of the vault's,
so that re-sealing under a new vault key leaves them alone and re-seals only ``key_sealed``.
"""

from __future__ import annotations

import os
from functools import cached_property

from django.db import models

from arengo.core.sealed import SealedField
from arengo.core.vault import Vault, vault

PURPOSE = "personal key"
_BYTES = 32  # AES-256


def new_secret() -> bytes:
    """What a fresh key is made of."""
    return os.urandom(_BYTES)


def new_key() -> bytes:
    """A fresh key, sealed by the vault."""
    return vault().seal(new_secret(), purpose=PURPOSE)


class PersonalKey(models.Model):
    """One person's key; ``own`` seals, opens and hashes under it."""

    key_sealed = SealedField(default=new_key, purpose=PURPOSE)

    class Meta:
        abstract = True

    def made_of(self, secret: bytes) -> None:
        """Of one that was just stored, with the secret at hand: it need not be opened."""
        self.__dict__["own"] = self._vault(secret)

    @cached_property
    def own(self) -> Vault:
        return self._vault(vault().open(self.key_sealed, purpose=PURPOSE))

    def _vault(self, secret: bytes) -> Vault:
        return Vault([(f"{self._meta.model_name}:{self.pk}", secret)])


def opened_with(key: PersonalKey | None, sealed: bytes | memoryview[int] | None, purpose: str) -> str:
    """The text; empty where there is none or its key was destroyed."""
    return key.own.open_text(bytes(sealed), purpose=purpose) if key is not None and sealed else ""
