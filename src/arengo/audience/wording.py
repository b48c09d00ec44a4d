# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organization's own words, ready to be sent: placeholders filled, never longer than a message may be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from arengo.audience import policies
from arengo.audience.models import ListSettings, Policy
from arengo.audience.topic_words import all_topics
from arengo.audience.words.folding import words_of
from arengo.core.lengths import Limit
from arengo.core.links import organization_url
from arengo.core.models import Organization
from arengo.platforms.registry import common_limits, platform

# As administrators write them in braces, and the field of Wording that is put in.
PLACEHOLDERS = {
    "ente": "organization",
    "informativa": "privacy",
    "regole": "rules",
    "link_informativa": "privacy_link",
    "link_regole": "rules_link",
    "temi": "topics",
    "eta_minima": "age",
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def longest_message() -> Limit:
    """Of what Arengo writes to a citizen by itself, on whatever platform they are."""
    return common_limits().text


OPENING = 160  # characters: what a phone shows of a message before it is opened
_JOINED = (
    "avvis",
    "notizi",
    "news",
    "iscri",
    "aggiornament",
    "comunicazion",
    "notice",
    "subscri",
    "list",
    "lista",
)


def opening_problems(message: str, organization: str, leave_words: Sequence[str]) -> list[str]:
    """What the beginning of a welcome, as it would be sent, does not say: what one joined, how to leave. In the reader's language."""
    opening = words_of(message[:OPENING])
    problems = []
    named = " ".join(words_of(organization)) in " ".join(opening)
    if not named and not any(word.startswith(_JOINED) for word in opening):
        problems.append(
            gettext(
                "Nei primi 160 caratteri non si legge a che cosa ci si è iscritti: per esempio «gli avvisi di {ente}»."
            )
        )
    said = f" {' '.join(opening)} "
    if not any(f" {' '.join(words_of(word))} " in said for word in leave_words):
        problems.append(
            gettext(
                "Nei primi 160 caratteri non si legge come uscire: scrivi una delle parole per cancellarsi, per esempio %(word)s."
            )
            % {"word": next(iter(leave_words), "CANCELLAMI")}
        )
    return problems


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that nothing would be put in for."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in PLACEHOLDERS]


@dataclass(frozen=True)
class Wording:
    """What stands for the placeholders in one organization now. ``topics``: those of whom the message is for."""

    organization: str
    privacy: str
    rules: str
    privacy_link: str
    rules_link: str
    topics: str
    age: str = ""

    @classmethod
    def of(
        cls,
        organization: Organization,
        in_force: Mapping[str, Policy] | None = None,
        settings: ListSettings | None = None,
    ) -> Wording:
        """``in_force``: the policies (``policies.in_force``), ``settings``: the list's, where they are at hand."""
        settings = settings or ListSettings.objects.first()
        if in_force is None:
            in_force = policies.in_force()
        privacy, rules = in_force.get(Policy.Kind.PRIVACY), in_force.get(Policy.Kind.RULES)
        address = organization_url(organization, "")
        return cls(
            organization=organization.name,
            privacy=privacy.summary if privacy else "",
            rules=rules.summary if rules else "",
            privacy_link=f"{address}/informativa/",
            rules_link=f"{address}/regole/",
            topics=all_topics(organization.language),
            age=settings.minimum_age if settings else "",
        )

    def fill(self, text: str) -> str:
        """Each placeholder once over: what is put in is not searched again."""
        return _PLACEHOLDER.sub(
            lambda found: (
                str(getattr(self, PLACEHOLDERS[found[1]])) if found[1] in PLACEHOLDERS else found[0]
            ),
            text,
        ).strip()

    def carries(self, message: str) -> tuple[bool, bool]:
        """Whether a message, as it is sent, holds the privacy notice's short text or its link, and the rules'."""
        return (
            bool(self.privacy and self.privacy in message) or self.privacy_link in message,
            bool(self.rules and self.rules in message) or self.rules_link in message,
        )

    def age_after(self, text: str) -> str:
        """From which age one may join, where it is set and the text does not say it by itself."""
        named = any(PLACEHOLDERS.get(name) == "age" for name in _PLACEHOLDER.findall(text))
        return "" if named else self.age

    def names_topics(self, text: str) -> bool:
        """Whether the text says itself which topics somebody receives."""
        return any(PLACEHOLDERS.get(name) == "topics" for name in _PLACEHOLDER.findall(text))

    def problem(self, text: str, after: str = "") -> str:
        """Why the text could not be sent whole, in the reader's language; empty when it can. ``after``: as of :meth:`message`."""
        return longest_message().problem(self.fill(text) + _added(after))

    def message(self, text: str, after: str = "", platform_name: str = "") -> str:
        """What is sent on a platform, or on whichever; ``after`` in a paragraph of its own at the end.

        Too long all together: the links stand in for the summaries, so that it still goes out.
        """
        longest = platform(platform_name).limits.text if platform_name else longest_message()
        end = _added(after)
        filled = self.fill(text)
        if longest.over(filled + end):
            brief = replace(self, privacy=self.privacy_link, rules=self.rules_link)
            filled = brief.fill(text)
        room = Limit(max(0, longest.most - longest.used(end)), longest.unit)
        return longest.cut(room.cut(filled) + end)


def _added(after: str) -> str:
    return f"\n\n{after}" if after else ""
