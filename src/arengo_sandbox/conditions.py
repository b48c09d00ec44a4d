# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The weather of the emulated world: latency, pace, faults, how webhooks behave. Set by tests and demos."""

from __future__ import annotations

import random
from typing import Any, Literal

import msgspec

FaultKind = Literal[
    "error", "timeout_before", "timeout_after", "reset", "malformed",
    "half", "gzip", "gzip_broken", "redirect", "late", "close",
]  # fmt: skip
# Here the answer itself is what is odd: there is none without a message that was accepted.
_ANSWERED = frozenset({"timeout_after", "gzip", "late"})


class Fault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A share `rate` (0–1) of sends meets this.

    `code` refuses: in the answer, or in a `failed` status where Meta reports that code so (`"as": "status"` or
    `"response"` overrides). `kind` breaks the connection instead: before the send was accepted or after. `http`
    alone answers that status with a body that is not JSON, as a gateway does. With `when` "after" the send is accepted,
    whatever is answered.
    """

    code: int | None = None
    rate: float = 1.0
    http: int | None = None
    kind: FaultKind = "error"
    when: Literal["before", "after"] = "before"
    shown_as: Literal["response", "status"] | None = msgspec.field(default=None, name="as")
    details: str = ""
    seconds: float = 60.0

    @property
    def accepts_first(self) -> bool:
        """The send is accepted, and only then something goes wrong."""
        return self.kind in _ANSWERED or self.when == "after"


MediaStep = Literal["upload", "node", "download"]


class MediaFault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A share `rate` of what asks for files meets this, at one of the three steps or at any.

    `code` refuses in Meta's envelope (upload and node), `http` with a page that is no JSON. `kind` does not answer, cuts
    the connection, lets the file drip over `seconds`, gives other bytes than the hash says, or tells more than 100 MB.
    """

    at: Literal["any", "upload", "node", "download"] = "any"
    rate: float = 1.0
    code: int | None = None
    http: int | None = None
    kind: Literal["error", "hang", "reset", "slow", "damaged", "oversize"] = "error"
    details: str = ""
    seconds: float = 60.0


class WebhookConditions(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How webhooks arrive. `duplicate` is a share of posts sent twice; `batch` the most updates in one post; without
    `receipts` nobody ever hears what became of a message.
    """

    duplicate: float = 0.0
    shuffle: bool = False
    delay_ms: float = 0.0
    batch: int = 100
    gather_ms: float = 20.0
    paused: bool = False
    receipts: bool = True


class ReviewConditions(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What becomes of a new template, and how soon."""

    outcome: Literal["APPROVED", "REJECTED", "PENDING"] = "APPROVED"
    reason: str = "INVALID_FORMAT"
    after_ms: float = 400.0


class Conditions(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Everything that can be set at once; fields left out of a request keep their value."""

    latency_ms: float = 0.0
    mps: int | None = None
    pair_limit: bool = True
    tier: int | None = None
    errors: list[Fault] = []
    media_errors: list[MediaFault] = []
    webhooks: WebhookConditions = msgspec.field(default_factory=WebhookConditions)
    read_rate: float = 0.0
    delivered_after_ms: float = 80.0
    read_after_ms: float = 150.0
    templates: ReviewConditions = msgspec.field(default_factory=ReviewConditions)
    fetch_links: bool = True
    quality: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] = "GREEN"

    def fault(self) -> Fault | None:
        """The fault that this send meets, if any. Shares add up; they are drawn once."""
        if not self.errors:
            return None
        drawn = random.random()  # noqa: S311 - chance, not secrecy
        for fault in self.errors:
            if drawn < fault.rate:
                return fault
            drawn -= fault.rate
        return None


def changed(conditions: Conditions, wanted: dict[str, Any]) -> Conditions:
    """New conditions: the old ones with what `wanted` names. Raises msgspec.ValidationError on what it cannot be."""
    merged: dict[str, Any] = msgspec.to_builtins(conditions)
    for key, value in wanted.items():
        if isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] |= value
        else:
            merged[key] = value
    result = msgspec.convert(merged, Conditions)
    for name, share in (("read_rate", result.read_rate), ("webhooks.duplicate", result.webhooks.duplicate)):
        if not 0 <= share <= 1:
            raise msgspec.ValidationError(f"{name} is a share: between 0 and 1")
    rates = [fault.rate for fault in result.errors] + [fault.rate for fault in result.media_errors]
    if any(not 0 <= rate <= 1 for rate in rates):
        raise msgspec.ValidationError("errors[].rate is a share: between 0 and 1")
    if not 1 <= result.webhooks.batch <= 1000:
        raise msgspec.ValidationError(
            "webhooks.batch is between 1 and 1000 (Meta: up to 1,000 updates a post)"
        )
    return result
