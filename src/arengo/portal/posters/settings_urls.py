# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.portal.posters import settings_views

urlpatterns = [
    path("luoghi/", settings_views.places, name="places"),
    path("luoghi/<id:pk>/", settings_views.place, name="place"),
    path("luoghi/<id:pk>/uso/", settings_views.use, name="place_use"),
    path("luoghi/<id:pk>/qr.svg", settings_views.code_svg, name="place_svg"),
    path("luoghi/<id:pk>/qr.png", settings_views.code_png, name="place_png"),
]
