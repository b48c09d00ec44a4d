# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public addresses, under /sondaggi/. They stand in messages: they stay."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.votes import addresses as addresses, public_views

app_name = "polls"

urlpatterns = [
    path("<id:pk>/", public_views.poll, name="poll"),
    path("<id:pk>/riconta/", public_views.recount, name="recount"),
    path("<id:pk>/voti.csv", public_views.register, name="register"),
    path("<id:pk>/risultato.<picture:form>", public_views.picture, name="picture"),
]
