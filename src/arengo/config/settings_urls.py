# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.config import settings_status, settings_unread

urlpatterns = [
    path("stato/", settings_status.status_page, name="status"),
    path("stato/adesso/", settings_status.status_now, name="status_now"),
    path("non-letti/", settings_unread.unread_page, name="unread"),
    path("non-letti/<id:pk>/rileggi/", settings_unread.replay, name="unread_replay"),
    path("non-letti/<id:pk>/archivia/", settings_unread.archive, name="unread_archive"),
]
