# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.lists import settings_views

urlpatterns = [
    path("sportelli/", settings_views.desks, name="desks"),
    path("sportelli/nuovo/", settings_views.desk_new, name="desk_new"),
    path("sportelli/<id:pk>/", settings_views.desk, name="desk"),
    path("sportelli/tempo-di-risposta/", settings_views.promise, name="desk_promise"),
]
