# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.labels import views

urlpatterns = [
    path("<id:pk>/etichetta/", views.put_on, name="label_on"),
    path("<id:pk>/etichetta/togli/", views.take_off, name="label_off"),
]
