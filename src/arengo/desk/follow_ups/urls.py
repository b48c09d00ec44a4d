# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.follow_ups import views

urlpatterns = [
    path("da-seguire/", views.follow_ups, name="follow_ups"),
    path("<id:pk>/da-seguire/", views.put_off, name="put_off"),
    path("<id:pk>/da-seguire/fatto/", views.done, name="follow_up_done"),
]
