# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/: the hub, and what the rooms registered."""

from __future__ import annotations

from django.urls import path

from arengo.core.console import pages, settings_home

app_name = "settings"

urlpatterns = [path("", settings_home.home, name="home"), *pages.urlpatterns()]
