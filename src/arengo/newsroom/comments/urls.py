# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.comments import views

urlpatterns = [
    path("<id:pk>/commenti/", views.comments, name="comments"),
    path("<id:pk>/commenti/<id:comment>/risolto/", views.settle, name="settle_comment"),
    path("<id:pk>/commenti/<id:comment>/togli/", views.remove, name="remove_comment"),
]
