# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every page of ours may show: the organization, the person's place in it, the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest

from arengo.core.access import membership_of
from arengo.core.banners import Banner, banners
from arengo.core.console import header_links
from arengo.core.console.header import Part, parts, topics
from arengo.core.console.header_links import Shown
from arengo.core.console.tabs import Entry, entries
from arengo.core.drafts import number_of, owner_of, take_arrived
from arengo.core.live import position
from arengo.core.models import Membership, Organization
from arengo.core.public_notices import notices
from arengo.core.screens import Screen, lazily, names_of
from arengo.core.sessions import seconds_left


@dataclass(frozen=True)
class Frame(Screen):
    """Beside the page's own screen, which comes first where both have a name. What costs a query is asked when it is used."""

    organization: Organization | None
    membership: Membership | None
    navigation: Sequence[Entry]
    header_parts: Sequence[Part]
    header_topics: str
    public_notices: Sequence[str]
    header_triggers: str
    banners: Sequence[Banner]
    header_links: Sequence[Shown]
    live_position: int
    draft_owner: str
    drafts_arrived: Sequence[str]
    draft_answered: str
    idle_seconds: int
    seconds_left: int
    mail_leaves: bool


def arengo(request: HttpRequest) -> dict[str, object]:
    # Before the required second factor no section opens: none is offered.
    closed = getattr(request, "second_factor_is_missing", False)
    return names_of(
        Frame(
            organization=cast("Organization | None", getattr(request, "organization", None)),
            membership=membership_of(request),
            navigation=() if closed else lazily(lambda: entries(request)),
            header_parts=() if closed else lazily(lambda: parts(request)),
            public_notices=lazily(lambda: notices(request)),
            header_topics="".join(f",{topic}" for topic in topics()),
            header_triggers="".join(f", sse:{topic}" for topic in topics()),
            banners=() if closed else lazily(lambda: banners(request, request.path)),
            header_links=() if closed else lazily(lambda: header_links.shown(request)),
            live_position=lazily(lambda: position(request.user)),
            draft_owner=owner_of(request),
            drafts_arrived=lazily(lambda: take_arrived(request)),
            draft_answered=lazily(lambda: number_of(request)),
            idle_seconds=settings.SESSION_IDLE_AGE,
            seconds_left=lazily(lambda: seconds_left(request)),
            mail_leaves=settings.EMAIL_LEAVES,
        )
    )
