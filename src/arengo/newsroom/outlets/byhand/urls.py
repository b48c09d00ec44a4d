# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path

from arengo.newsroom.outlets.byhand import views

urlpatterns = [
    path("a-mano/", views.queue, name="byhand"),
    path("a-mano/fatti/", views.finished, name="byhand_done"),
    path("a-mano/<id:pk>/passo/", views.step, name="byhand_step"),
    path("a-mano/<id:pk>/fatto/", views.finish, name="byhand_finish"),
    path("a-mano/<id:pk>/passa/", views.hand_over, name="byhand_hand_over"),
    path("a-mano/<id:pk>/foto", views.photo, name="byhand_photo"),
    path("a-mano/<id:pk>/numeri/", views.readings, name="byhand_readings"),
]
