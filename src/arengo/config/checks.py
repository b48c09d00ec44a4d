# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unsafe or missing settings, found at start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from arengo.config import environment
from arengo.core.vault import VaultError, parse_keys
from arengo.platforms import networks


def vault_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        keys = parse_keys(settings.ARENGO_VAULT_KEYS)
    except VaultError as error:
        return [Error(str(error), id="arengo.E001")]
    if not keys:
        return [
            Error(
                "ARENGO_VAULT_KEYS is empty: personal data could not be sealed.",
                hint="arengo doctor --new-vault-key prints one.",
                id="arengo.E002",
            )
        ]
    return []


def production(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if len(environment.secret_key()) < 50:  # Django raises at an empty SECRET_KEY
        found.append(Error("ARENGO_SECRET_KEY needs at least 50 characters.", id="arengo.E003"))
    if not settings.PUBLIC_URL.startswith("https://"):
        found.append(Error("ARENGO_PUBLIC_URL must begin with https:// in production.", id="arengo.E004"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ARENGO_HOSTS must name the hosts in production, not «*».", id="arengo.E005"))
    return found


def metrics_token(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if 0 < len(settings.ARENGO_METRICS_TOKEN) < 32:
        return [
            Error(
                "ARENGO_METRICS_TOKEN needs at least 32 characters.",
                hint="Without it /metrics does not exist.",
                id="arengo.E006",
            )
        ]
    return []


def allowed_addresses(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        networks.parse(settings.ARENGO_ALLOWED_ADDRESSES)
    except ValueError as error:
        return [
            Error(
                f"ARENGO_ALLOWED_ADDRESSES: «{error}» is neither a network nor an address.",
                hint="For example 10.1.0.0/16, 10.1.2.3:8443 or [fd00::1]:8443.",
                id="arengo.E007",
            )
        ]
    return []


def register_all() -> None:
    register(vault_keys, Tags.security)
    register(production, Tags.security)
    register(metrics_token, Tags.security)
    register(allowed_addresses, Tags.security)
