# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The CSRF token of the present session, for pages that were opened before a new sign-in."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token

from arengo.core.access import staff
from arengo.core.drafts import owner_of


@staff()
def token(request: HttpRequest) -> JsonResponse:
    """``person`` tells the page whether the person who is signed in now is still the one for whom it was made.

    401 for nobody, as every part of a page (``core.access``). Another site cannot read the answer.
    """
    return JsonResponse({"token": get_token(request), "person": owner_of(request)})
