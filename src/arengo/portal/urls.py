# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("wa", views.follow, name="follow"),
    path("wa/qr.svg", views.join_qr, name="join_qr"),
    path("informativa/", views.privacy, name="privacy"),
    path("regole/", views.rules, name="rules"),
    path("note-legali/", views.legal_notes, name="legal_notes"),
    path("accessibilita/", views.accessibility, name="accessibility"),
    path("sorgente/", views.source, name="source"),
    path("stemma", views.logo, name="logo"),
]
