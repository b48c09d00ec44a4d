# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organization's own words, ready to be sent: placeholders filled, never longer than a message may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from arengo.audience import policies
from arengo.audience.models import Policy
from arengo.core.lengths import Limit
from arengo.core.links import organization_url
from arengo.core.models import Organization
from arengo.platforms.registry import common_limits, platform

PLACEHOLDERS = ("ente", "informativa", "regole", "link_informativa", "link_regole")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def longest_message() -> Limit:
    """Of what Arengo writes to a citizen by itself, on whatever platform they are."""
    return common_limits().text


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that nothing would be put in for."""
    return [name for name in dict.fromkeys(_PLACEHOLDER.findall(text)) if name not in PLACEHOLDERS]


@dataclass(frozen=True)
class Wording:
    """What stands for the placeholders in one organization now."""

    ente: str
    informativa: str
    regole: str
    link_informativa: str
    link_regole: str

    @classmethod
    def of(cls, organization: Organization, in_force: Mapping[str, Policy] | None = None) -> Wording:
        """``in_force``: the policies (``policies.in_force``), where they are at hand."""
        if in_force is None:
            in_force = policies.in_force()
        privacy, rules = in_force.get(Policy.Kind.PRIVACY), in_force.get(Policy.Kind.RULES)
        address = organization_url(organization, "")
        return cls(
            ente=organization.name,
            informativa=privacy.summary if privacy else "",
            regole=rules.summary if rules else "",
            link_informativa=f"{address}/informativa/",
            link_regole=f"{address}/regole/",
        )

    def fill(self, text: str) -> str:
        """Each placeholder once over: what is put in is not searched again."""
        return _PLACEHOLDER.sub(
            lambda found: str(getattr(self, found[1])) if found[1] in PLACEHOLDERS else found[0], text
        ).strip()

    def message(self, text: str, platform_name: str = "") -> str:
        """What is sent on a platform, or on whichever. Too long all together: the links stand in for the summaries, so that it
        still goes out."""
        filled = self.fill(text)
        longest = platform(platform_name).limits.text if platform_name else longest_message()
        if longest.over(filled):
            brief = Wording(
                self.ente, self.link_informativa, self.link_regole, self.link_informativa, self.link_regole
            )
            filled = brief.fill(text)
        return longest.cut(filled)
