# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.electoral import settings_views

urlpatterns = [
    path("periodo-elettorale/", settings_views.periods, name="electoral_periods"),
    path("periodo-elettorale/<id:pk>/togli/", settings_views.remove, name="remove_electoral_period"),
]
