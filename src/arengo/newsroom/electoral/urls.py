# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.electoral import views

urlpatterns = [path("<id:pk>/motivo/", views.reason, name="electoral_reason")]
