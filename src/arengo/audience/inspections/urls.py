# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/prove/."""

from __future__ import annotations

from django.urls import path

from arengo.audience.inspections import views

urlpatterns = [
    path("", views.inspections, name="inspections"),
    path("<id:pk>/scarica/", views.take, name="inspection_take"),
]
