# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform's refusal in words for staff, in the language of the reader: what it means and what to do, and what the platform said."""

from __future__ import annotations

from arengo.core.sentences import Sentence
from arengo.delivery.models import Sender
from arengo.platforms.contract import Refusal
from arengo.platforms.registry import platform


def meaning(platform_name: str, code: int) -> str:
    """Of a refusal's code. 0: nothing came back that says anything."""
    return platform(platform_name).explain(code)


def in_words(sender: Sender, refusal: Refusal) -> str:
    """«What it means (190: title – details)»; the platform's own words are in whatever language it chose."""
    own = " – ".join(part for part in (refusal.title, refusal.details) if part)
    words = meaning(sender.platform, refusal.code)
    if not own:
        return words
    return Sentence.of("%(meaning)s (%(code)s: %(own)s)", meaning=words, code=str(refusal.code), own=own)


def why_stopped(platform_name: str, code: int, reason: str) -> str:
    """Of a sender: «What it means reason (190)». Code 0: a person stopped it, or the platform gave no code."""
    own = f"{reason} ({code})" if code > 0 else reason
    return " ".join(part for part in (meaning_of_stop(platform_name, code), own) if part)


def meaning_of_stop(platform_name: str, code: int) -> str:
    """Empty where the sender was stopped without a code."""
    return meaning(platform_name, code) if code else ""
