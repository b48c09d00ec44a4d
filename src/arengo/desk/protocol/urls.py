# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.protocol import views

urlpatterns = [
    path("<id:pk>/protocollo/", views.protocol, name="protocol"),
    path("<id:pk>/protocollo/conversazione.pdf", views.as_pdf, name="protocol_pdf"),
]
