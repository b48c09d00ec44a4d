# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.redirects import settings_views

urlpatterns = [
    path("rimandi/", settings_views.redirects, name="redirects"),
    path("rimandi/nuovo/", settings_views.new, name="redirect_new"),
    path("rimandi/<id:pk>/", settings_views.change, name="redirect"),
    path("rimandi/<id:pk>/uso/", settings_views.offer, name="redirect_offer"),
]
