# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.review import views

urlpatterns = [
    path("<id:pk>/revisione/", views.review, name="review"),
    path("<id:pk>/revisione/chiedi/", views.ask, name="ask_review"),
    path("<id:pk>/revisione/approva/", views.approve, name="approve"),
    path("<id:pk>/revisione/rimanda/", views.send_back, name="send_back"),
    path("<id:pk>/revisione/ritira/", views.take_back, name="take_back_review"),
]
