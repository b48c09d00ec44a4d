# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.uploads import views

urlpatterns = [
    path("<id:pk>/bozza/", views.keep_draft, name="keep_draft"),
    path("<id:pk>/carica/", views.begin, name="begin_upload"),
    path("caricamenti/<id:pk>/", views.append, name="append_upload"),
    path("caricamenti/<id:pk>/togli/", views.drop, name="drop_upload"),
    path("caricamenti/<id:pk>/miniatura/", views.thumbnail, name="upload_thumbnail"),
]
