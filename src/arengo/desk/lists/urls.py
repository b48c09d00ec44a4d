# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/, among the addresses of the desk."""

from __future__ import annotations

from django.urls import path

from arengo.desk.lists import views

urlpatterns = [
    path("lista/", views.list_part, name="list"),
    path("chiudi-insieme/", views.close_several, name="close_several"),
    path("viste/nuova/", views.save_view, name="view_save"),
    path("viste/<id:pk>/togli/", views.delete_view, name="view_delete"),
]
