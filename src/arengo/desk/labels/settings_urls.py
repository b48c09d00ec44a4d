# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.labels import settings_views

urlpatterns = [
    path("etichette/", settings_views.labels, name="labels"),
    path("etichette/<id:pk>/", settings_views.label, name="label"),
    path("etichette/<id:pk>/uso/", settings_views.offer, name="label_offer"),
]
