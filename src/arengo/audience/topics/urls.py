# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/."""

from __future__ import annotations

from django.urls import path

from arengo.audience.topics import card_views, views

_TOPIC, _QUARTER = {"sort": "topic"}, {"sort": "quarter"}

urlpatterns = [
    path("temi/", views.topics, name="topics"),
    path("temi/nuovo/", views.new, _TOPIC, name="topic_new"),
    path("temi/<id:pk>/", views.edit, _TOPIC, name="topic"),
    path("temi/<id:pk>/togli/", views.remove, _TOPIC, name="topic_remove"),
    path("temi/<id:pk>/unisci/", views.merge, _TOPIC, name="topic_merge"),
    path("temi/annulla/<id:pk>/", views.undo, name="topics_undo"),
    path("quartieri/nuovo/", views.new, _QUARTER, name="quarter_new"),
    path("quartieri/<id:pk>/", views.edit, _QUARTER, name="quarter"),
    path("quartieri/<id:pk>/togli/", views.remove, _QUARTER, name="quarter_remove"),
    path("quartieri/<id:pk>/unisci/", views.merge, _QUARTER, name="quarter_merge"),
    path("<id:pk>/riceve/<id:identity_id>/", card_views.choose, name="choose"),
]
