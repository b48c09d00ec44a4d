# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an organization has against sending this now, beyond what is wrong with the text: each capability registers its own.

A check is asked for the page and, with ``deciding``, in the transaction that sends: there it may lock what its answer rests on.
``publishing.publish`` asks through ``estimating.readiness``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arengo.core.models import Organization
from arengo.newsroom.drafts import Draft
from arengo.newsroom.outlets.base.contract import Plan


@dataclass(frozen=True)
class Objection:
    """``stops``: it does not go; else it is said before somebody presses. ``url`` and ``mend``: the page that helps, and its words."""

    words: str
    stops: bool
    url: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Asked:
    """``plans``: one for each chosen outlet. ``deciding``: it is about to be sent, in a transaction."""

    draft: Draft
    plans: Sequence[Plan]
    organization: Organization
    deciding: bool = False


Check = Callable[[Asked], Objection | None]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    _checks[name] = check


def objections(asked: Asked) -> list[Objection]:
    """In the order in which the checks registered."""
    found = [check(asked) for check in _checks.values()]
    return [each for each in found if each is not None]
