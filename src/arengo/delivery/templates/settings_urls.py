# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.delivery.templates import views

urlpatterns = [
    path("modelli/", views.template_list, name="templates"),
    path("modelli/<id:pk>/aggiorna/", views.sync_templates, name="templates_sync"),
    path("modelli/<id:pk>/crea/", views.create_templates, name="templates_create"),
    path("modelli/<id:pk>/<slug:preset>/rifai/", views.renew_template, name="template_renew"),
]
