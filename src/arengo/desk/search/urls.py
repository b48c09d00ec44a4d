# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/cerca/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.search import views

app_name = "desk_search"

urlpatterns = [
    path("", views.search_page, name="search"),
    path("<id:pk>/", views.preview_part, name="preview"),
]
