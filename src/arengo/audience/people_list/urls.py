# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/persone/, in the namespace of the room."""

from __future__ import annotations

from django.urls import path

from arengo.audience.people_list import views

urlpatterns = [
    path("", views.people, name="people"),
    path("cerca/", views.search, name="search"),
]
