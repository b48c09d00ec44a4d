# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.insights import settings_views

urlpatterns = [
    path("dati/", settings_views.insights, name="insights"),
    path("dati/operatori/spegni/", settings_views.operators_off, name="insights_operators_off"),
    path("dati/riconta/", settings_views.count_again, name="insights_count_again"),
]
