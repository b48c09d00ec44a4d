# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unsafe or missing settings, found at start.

What the environment says is checked as a whole by ``environment.problems()``; here is what only Django's settings know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from arengo.config import environment
from arengo.core.vault import VaultError, parse_keys


def environment_problems(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(problem.in_words(), id="arengo.E001") for problem in environment.problems()]


def vault_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        keys = parse_keys(settings.ARENGO_VAULT_KEYS)
    except VaultError as error:
        return [Error(str(error), id="arengo.E002")]
    if not keys:
        return [
            Error(
                "ARENGO_VAULT_KEYS is empty: personal data could not be sealed.",
                hint="arengo doctor --new-vault-key prints one.",
                id="arengo.E002",
            )
        ]
    return []


def register_all() -> None:
    register(environment_problems, Tags.security)
    register(vault_keys, Tags.security)
