# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/dati/."""

from __future__ import annotations

from django.urls import path

from arengo.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.figures_page, name="figures"),
    path("csv/", views.figures_csv, name="csv"),
    path("json/", views.figures_json, name="json"),
]
