# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose drafts a browser may show: the name under which frontend/js/drafts.js keeps them."""

from __future__ import annotations

from django.http import HttpRequest

from arengo.core.vault import vault


def owner_of(request: HttpRequest) -> str:
    """32 hexadecimal digits for a person in an organization, the same at each sign-in; empty for nobody. It tells no id."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    organization = getattr(getattr(request, "organization", None), "pk", "")
    return vault().lookup(f"drafts\0{organization}\0{user.pk}").hex()[:32]
