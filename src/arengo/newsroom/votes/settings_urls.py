# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.votes import settings_views

urlpatterns = [path("sondaggi/", settings_views.words, name="polls")]
