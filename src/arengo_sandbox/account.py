# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The business account that the sandbox plays: its ids, numbers and secrets, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True)
class BusinessNumber:
    """One sending number; `digits` is what webhooks call `display_phone_number`."""

    id: str
    display: str
    digits: str
    verified_name: str


@dataclass(frozen=True)
class Account:
    """Everything about the business that stays the same while the sandbox runs."""

    access_token: str = "sandbox-access-token"  # noqa: S105 - a documented sample value, valid nowhere else
    app_secret: str = "sandbox-app-secret"  # noqa: S105 - as above
    app_id: str = "300000000000001"
    business_id: str = "400000000000001"
    waba_id: str = "200000000000001"
    mps: int = 80
    numbers: tuple[BusinessNumber, ...] = field(default_factory=lambda: business_numbers("100000000000001"))
    retry_base: float = 1.0
    retry_max: float = 30.0
    keep_for: float = 7 * 86400.0

    @cached_property
    def _numbers_by_id(self) -> dict[str, BusinessNumber]:
        return {number.id: number for number in self.numbers}

    def number(self, phone_number_id: str) -> BusinessNumber | None:
        """The number with this id, if it is ours."""
        return self._numbers_by_id.get(phone_number_id)


def business_numbers(ids: str, name: str = "Comune di Esempio") -> tuple[BusinessNumber, ...]:
    """Numbers for a comma-separated list of ids: +39 055 000 0001, 0002, … – plainly samples."""
    listed = [part.strip() for part in ids.split(",") if part.strip()]
    return tuple(
        BusinessNumber(
            id=identifier,
            display=f"+39 055 000 {position:04d}",
            digits=f"39055000{position:04d}",
            verified_name=name if position == 1 else f"{name} – numero {position}",
        )
        for position, identifier in enumerate(listed, start=1)
    )


def account_from(environment: Mapping[str, str] = os.environ) -> Account:
    """The account as `SANDBOX_…` variables describe it; what they leave out has its documented default."""
    plain = Account()
    return Account(
        access_token=environment.get("SANDBOX_ACCESS_TOKEN") or plain.access_token,
        app_secret=environment.get("SANDBOX_APP_SECRET") or plain.app_secret,
        app_id=environment.get("SANDBOX_APP_ID") or plain.app_id,
        waba_id=environment.get("SANDBOX_WABA_ID") or plain.waba_id,
        mps=int(environment.get("SANDBOX_MPS") or plain.mps),
        numbers=business_numbers(
            environment.get("SANDBOX_PHONE_NUMBER_IDS") or "100000000000001",
            environment.get("SANDBOX_VERIFIED_NAME") or "Comune di Esempio",
        ),
        retry_base=float(environment.get("SANDBOX_WEBHOOK_RETRY_BASE") or plain.retry_base),
        retry_max=float(environment.get("SANDBOX_WEBHOOK_RETRY_MAX") or plain.retry_max),
        keep_for=float(environment.get("SANDBOX_WEBHOOK_KEEP") or plain.keep_for),
    )


def data_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where state is kept: `$SANDBOX_DATA`, or nowhere (memory only)."""
    folder = environment.get("SANDBOX_DATA")
    return Path(folder) if folder else None
