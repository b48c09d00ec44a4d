# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/prova/."""

from __future__ import annotations

from django.urls import path

from arengo.audience.proofs import views

urlpatterns = [
    path("<id:pk>/", views.proof, name="proof"),
    path("<id:pk>/pdf/", views.as_pdf, name="proof_pdf"),
    path("<id:pk>/dati/", views.as_json, name="proof_data"),
]
