# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.audience import list_views, policy_views

urlpatterns = [
    path("lista/", list_views.list_settings, name="list"),
    path("testi/", policy_views.policies_page, name="policies"),
    path("testi/<slug:kind>/nuova/", policy_views.new_policy, name="policy_new"),
]
