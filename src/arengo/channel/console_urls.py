# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses of the console, under /console/canale/."""

from __future__ import annotations

from django.urls import path

from arengo.channel import console_views

app_name = "channel"

urlpatterns = [
    path("", console_views.board, name="board"),
    path("<id:pk>/ritira", console_views.withdraw, name="withdraw"),
]
