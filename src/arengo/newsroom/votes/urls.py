# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll's own pages, under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.votes import addresses as addresses, views

urlpatterns = [
    path("<id:pk>/sondaggio/chiudi/", views.close, name="close_poll"),
    path("<id:pk>/sondaggio/risultato.<picture:form>", views.picture, name="poll_picture"),
]
