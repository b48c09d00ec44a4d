# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom import template_views

urlpatterns = [
    path("modelli/", template_views.template_list, name="templates"),
    path("modelli/<id:pk>/aggiorna/", template_views.sync_templates, name="templates_sync"),
    path("modelli/<id:pk>/crea/", template_views.create_templates, name="templates_create"),
]
