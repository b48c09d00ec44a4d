# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.desk.front import settings_views

urlpatterns = [path("pagina-sportello/", settings_views.front, name="desk_front")]
