# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.sharing import views

urlpatterns = [
    path("<id:pk>/mostra/", views.sharing, name="sharing"),
    path("<id:pk>/mostra/<id:link>/revoca/", views.revoke, name="revoke_preview"),
    path("<id:pk>/foglio/", views.sheet_pdf, name="sheet"),
]
