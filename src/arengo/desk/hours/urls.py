# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.desk.hours import emergency_views

app_name = "hours"

urlpatterns = [
    path("apertura-straordinaria/", emergency_views.open_in_emergency, name="emergency"),
    path("apertura-straordinaria/<id:pk>/termina/", emergency_views.end_emergency, name="end_emergency"),
]
