# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.archive import views

urlpatterns = [
    path("cerca/", views.search, name="search"),
    path("archivio/", views.archive, name="archive"),
    path("<id:pk>/archivia/", views.put_away, name="put_away"),
    path("<id:pk>/riprendi/", views.take_out, name="take_out"),
]
