# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/importa/, in the namespace of the room. Each step is an address of its own."""

from __future__ import annotations

from django.urls import path

from arengo.audience.imports import proof_views, step_views, views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("modello.csv", views.model_file, name="import_model"),
    path("<id:pk>/", views.one, name="import"),
    path("<id:pk>/avanzamento/", views.progress, name="import_progress"),
    path("<id:pk>/colonne/", step_views.columns, name="import_columns"),
    path("<id:pk>/controllo/", step_views.check, name="import_check"),
    path("<id:pk>/consenso/", proof_views.consent, name="import_consent"),
    path("<id:pk>/prova-generale/", proof_views.rehearsal, name="import_rehearsal"),
    path("<id:pk>/righe-fuori/", views.left_out, name="import_left_out"),
    path("<id:pk>/annulla/", views.undo, name="import_undo"),
    path("<id:pk>/scarta/", views.discard, name="import_discard"),
]
