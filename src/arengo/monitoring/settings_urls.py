# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""This room's pages under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.monitoring import status_views, unread_views

urlpatterns = [
    path("stato/", status_views.status_page, name="status"),
    path("stato/adesso/", status_views.status_now, name="status_now"),
    path("non-letti/", unread_views.unread_page, name="unread"),
    path("non-letti/<id:pk>/rileggi/", unread_views.replay, name="unread_replay"),
    path("non-letti/<id:pk>/archivia/", unread_views.archive, name="unread_archive"),
]
