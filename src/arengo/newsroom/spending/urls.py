# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.spending import views

urlpatterns = [
    path("spesa/", views.spending, name="spending"),
    path("spesa/csv/", views.as_csv, name="spending_csv"),
    path("spesa/limite/", views.set_budget, name="spending_budget"),
    path("spesa/limite/togli/", views.remove_budget, name="spending_budget_remove"),
]
