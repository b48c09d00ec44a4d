# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.versions import views

urlpatterns = [
    path("<id:pk>/versioni/", views.versions, name="versions"),
    path("<id:pk>/versioni/<id:version>/riprendi/", views.restore, name="restore_version"),
]
