# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.replies import import_views, settings_views

urlpatterns = [
    path("risposte/", settings_views.replies_page, name="replies"),
    path("risposte/nuova/", settings_views.new_reply, name="reply_new"),
    path("risposte/esporta/", import_views.export, name="replies_export"),
    path("risposte/importa/", import_views.import_page, name="replies_import"),
    path("risposte/<id:pk>/", settings_views.edit_reply, name="reply"),
    path("risposte/<id:pk>/verifica/", settings_views.check_reply, name="reply_check"),
    path("risposte/<id:pk>/elimina/", settings_views.delete_reply, name="reply_delete"),
]
