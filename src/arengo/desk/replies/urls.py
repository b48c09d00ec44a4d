# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/risposte/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.replies import views

app_name = "desk_replies"

urlpatterns = [
    path("<id:pk>/", views.offered, name="offered"),
    path("<id:pk>/forse/", views.suggested, name="suggested"),
    path("usata/<slug:key>/", views.used, name="used"),
    path("file/<id:pk>/", views.file, name="file"),
]
