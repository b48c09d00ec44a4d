# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /miei/, at the root of the public site."""

from __future__ import annotations

from django.urls import path

from arengo.audience.personal import views

app_name = "personal"

urlpatterns = [
    path("", views.page, name="page"),
    path("fai/chiudi/", views.close, name="close"),
    path("fai/<slug:section>/", views.act, name="act"),
    path("<str:token>/", views.link, name="link"),
]
