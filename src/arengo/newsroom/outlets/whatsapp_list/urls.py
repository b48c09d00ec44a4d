# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list's own pages, under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.outlets.whatsapp_list import unknown_views

urlpatterns = [path("<id:pk>/sconosciuti/", unknown_views.unknown, name="unknown")]
