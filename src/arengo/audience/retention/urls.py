# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/."""

from __future__ import annotations

from django.urls import path

from arengo.audience.retention import views

urlpatterns = [
    path("conservazione/", views.page, name="retention"),
    path("conservazione/blocchi/<id:pk>/togli/", views.release, name="release_hold"),
    path("conservazione/<str:name>/", views.change, name="change_retention"),
    path("conservazione/<str:name>/ripensa/", views.take_back, name="take_back_retention"),
    path("<id:pk>/blocco/", views.hold, name="hold"),
]
