# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tabs of the console: what there is, for whom, and how many wait there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.core.access import membership_of
from arengo.core.models import Role


@dataclass(frozen=True)
class Tab:
    label: str | Promise
    url_name: str
    icon: str
    roles: tuple[str, ...]
    prefix: str
    count: Callable[[], int] | None = None


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    icon: str
    current: bool
    badge: int


def _waiting() -> int:
    from arengo.desk.inbox import waiting_count

    return waiting_count()


TABS = (
    Tab(
        _("Sportello"),
        "desk:inbox",
        "it-comment",
        (Role.OPERATOR, Role.AUDITOR),
        "/console/sportello/",
        _waiting,
    ),
    Tab(_("Redazione"), "newsroom:updates", "it-pencil", (Role.EDITOR, Role.APPROVER), "/console/redazione/"),
    Tab(_("Canale"), "channel:board", "it-horn", (Role.EDITOR, Role.APPROVER), "/console/canale/"),
    Tab(_("Iscritti"), "audience:subscribers", "it-user", (Role.EDITOR, Role.AUDITOR), "/console/iscritti/"),
    Tab(
        _("Impostazioni"),
        "settings:home",
        "it-settings",
        (Role.ADMINISTRATOR, Role.AUDITOR),
        "/console/impostazioni/",
    ),
)


def entries(request: HttpRequest, page: str = "") -> list[Entry]:
    """The tabs that this person may open; none for who is not a member. ``page``: where they are, if not here."""
    membership = membership_of(request)
    if membership is None:
        return []
    found = []
    for tab in TABS:
        if not membership.has(*tab.roles):
            continue
        url = reverse(tab.url_name)
        found.append(
            Entry(
                str(tab.label),
                url,
                tab.icon,
                (page or request.path).startswith(tab.prefix),
                tab.count() if tab.count else 0,
            )
        )
    return found
