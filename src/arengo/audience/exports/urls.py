# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/esporta/, in the namespace of the room."""

from __future__ import annotations

from django.urls import path

from arengo.audience.exports import views

urlpatterns = [path("", views.export_people, name="export_people")]
