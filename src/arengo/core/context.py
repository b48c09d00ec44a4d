# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from arengo.core.access import membership_of
from arengo.core.banners import banners
from arengo.core.console.tabs import entries
from arengo.core.drafts import number_of, owner_of, told
from arengo.core.live import position
from arengo.core.sessions import seconds_left


def arengo(request: HttpRequest) -> dict[str, Any]:
    """What every page of ours may show: the organization, the person's place in it, the tabs."""
    return {
        "organization": getattr(request, "organization", None),
        "membership": membership_of(request),
        # Before the required second factor no section opens: none is offered.
        "navigation": ()
        if getattr(request, "second_factor_is_missing", False)
        else SimpleLazyObject(lambda: entries(request)),
        "banners": ()
        if getattr(request, "second_factor_is_missing", False)
        else SimpleLazyObject(lambda: banners(request, request.path)),
        "live_position": SimpleLazyObject(position),
        "draft_owner": owner_of(request),
        "drafts_told": SimpleLazyObject(lambda: told(request)),
        "draft_answered": SimpleLazyObject(lambda: number_of(request)),
        "idle_seconds": settings.SESSION_IDLE_AGE,
        "seconds_left": SimpleLazyObject(lambda: seconds_left(request)),
        "mail_leaves": settings.EMAIL_LEAVES,
    }
