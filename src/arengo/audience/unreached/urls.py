# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/numeri/, in the namespace of the room."""

from __future__ import annotations

from django.urls import path

from arengo.audience.unreached import views

urlpatterns = [
    path("", views.numbers, name="unreached"),
    path("regola/", views.rule, name="unreached_rule"),
    path("escono/", views.let_go, name="unreached_let_go"),
    path("restano/", views.keep, name="unreached_keep"),
    path("rimetti/<id:pk>/", views.put_back, name="unreached_put_back"),
]
