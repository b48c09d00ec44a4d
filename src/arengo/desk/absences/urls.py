# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.absences import views

urlpatterns = [
    path("assenze/", views.absences, name="absences"),
    path("assenze/<id:pk>/fine/", views.end, name="absence_end"),
]
