# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.directory import import_views, settings_views

urlpatterns = [
    path("rubrica/", settings_views.directory_page, name="directory"),
    path("rubrica/nuova/", settings_views.new_entry, name="directory_new"),
    path("rubrica/esporta/", import_views.export, name="directory_export"),
    path("rubrica/importa/", import_views.import_page, name="directory_import"),
    path("rubrica/<id:pk>/", settings_views.edit_entry, name="directory_entry"),
    path("rubrica/<id:pk>/elimina/", settings_views.delete_entry, name="directory_delete"),
]
