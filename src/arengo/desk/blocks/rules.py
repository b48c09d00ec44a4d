# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The house rules that can be quoted: the parts of the policy in force."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arengo.audience.models import Policy
from arengo.audience.policies import current

_LONGEST_TITLE = 80  # characters; a longer first line is a part of what is said
_LONGEST_QUOTE = 600
_MOST_RULES = 30


@dataclass(frozen=True)
class Rule:
    """``number``: its place in the policy, from 1. ``quote``: its very words, cut where they are long."""

    number: int
    title: str
    quote: str


def in_force() -> Sequence[Rule]:
    """Of the scope's organization; none before it has published its house rules."""
    policy = current(Policy.Kind.RULES)
    return parts_of(policy.text) if policy else []


def parts_of(text: str) -> Sequence[Rule]:
    """A part is what stands between blank lines; its short first line is its title."""
    rules: list[Rule] = []
    for part in re.split(r"\n[^\S\n]*\n\s*", text.replace("\r\n", "\n").strip()):
        first, _line, rest = part.strip().partition("\n")
        has_title = bool(rest.strip()) and len(first) <= _LONGEST_TITLE
        words = " ".join((rest if has_title else part).split())
        if words:
            title = first.strip() if has_title else _shortened(words, 60)
            rules.append(Rule(len(rules) + 1, title, _shortened(words, _LONGEST_QUOTE)))
    return rules[:_MOST_RULES]


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
