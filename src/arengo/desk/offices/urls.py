# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.offices import views

urlpatterns = [path("<id:pk>/chiedi-a-un-ufficio/", views.ask, name="ask_office")]
