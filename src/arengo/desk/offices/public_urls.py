# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""At the root of the public site."""

from __future__ import annotations

from django.urls import path

from arengo.desk.offices import views

urlpatterns = [path("<str:token>/", views.answer, name="office_answer")]
