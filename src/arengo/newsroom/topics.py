# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The topics of an update: who on the list gets it. They are the audience's; an update keeps their ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from arengo.audience.models import Topic
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base import registry as kinds


def choices() -> list[tuple[int, str]]:
    """Those of the scope's organization, in its order."""
    return list(Topic.objects.values_list("pk", "name"))


def names_of(topics: Collection[int]) -> list[str]:
    """Of those among them that there are, in the organization's order."""
    return [name for pk, name in choices() if pk in topics] if topics else []


def matter(draft: Draft) -> bool:
    """Not to what nobody may stop: it goes to everybody."""
    kind = kinds.find(draft.kind)
    return kind is not None and kind.urgency.is_marketing


def gone(draft: Draft) -> Iterator[Problem]:
    """A draft whose topic was deleted goes nowhere until somebody says to whom: without its topics it would go to all."""
    if matter(draft) and len(names_of(draft.topics)) < len(set(draft.topics)):
        yield Problem(
            "topics", _("Un tema scelto per questa bozza non c’è più: guarda a chi va, e salvala di nuovo.")
        )
