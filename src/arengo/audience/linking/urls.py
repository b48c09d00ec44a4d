# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/."""

from __future__ import annotations

from django.urls import path

from arengo.audience.linking import views

urlpatterns = [
    path("<id:pk>/collegamento/<id:link_id>/ricevi/<id:identity_id>/", views.prefer, name="prefer"),
    path("<id:pk>/collegamento/<id:link_id>/scollega/", views.unlink, name="unlink"),
]
