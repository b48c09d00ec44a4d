# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organization's own words, ready to be sent: placeholders filled, never longer than a message may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from arengo.audience import policies
from arengo.audience.models import Policy
from arengo.audience.topic_words import all_topics
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
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def longest_message() -> Limit:
    """Of what Arengo writes to a citizen by itself, on whatever platform they are."""
    return common_limits().text


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

    @classmethod
    def of(cls, organization: Organization, in_force: Mapping[str, Policy] | None = None) -> Wording:
        """``in_force``: the policies (``policies.in_force``), where they are at hand."""
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
        )

    def fill(self, text: str) -> str:
        """Each placeholder once over: what is put in is not searched again."""
        return _PLACEHOLDER.sub(
            lambda found: (
                str(getattr(self, PLACEHOLDERS[found[1]])) if found[1] in PLACEHOLDERS else found[0]
            ),
            text,
        ).strip()

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
