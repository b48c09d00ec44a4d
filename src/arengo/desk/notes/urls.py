# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.notes import views

urlpatterns = [
    path("<id:pk>/nota/", views.write, name="note"),
    path("<id:pk>/nota-sulla-persona/", views.write_on_person, name="person_note"),
    path("<id:pk>/passa/", views.hand_over, name="hand_over"),
    path("<id:pk>/contatto/", views.contact, name="contact"),
    path("<id:pk>/menzioni-viste/", views.seen, name="mentions_seen"),
    path("note/<id:pk>/togli/", views.remove, name="remove_note"),
    path("menzioni/", views.mentions, name="mentions"),
]
