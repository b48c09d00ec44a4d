# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.list_requests import views

urlpatterns = [
    path("<id:pk>/richiesta/", views.count_as, name="list_request"),
]
