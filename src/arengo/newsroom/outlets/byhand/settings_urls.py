# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.outlets.byhand import settings_views

urlpatterns = [path("canale-whatsapp/", settings_views.whatsapp_channel, name="whatsapp_channel")]
