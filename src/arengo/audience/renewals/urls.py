# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/conferme/, in the namespace of the room."""

from __future__ import annotations

from django.urls import path

from arengo.audience.renewals import views

urlpatterns = [
    path("", views.renewals, name="renewals"),
    path("<id:pk>/", views.renewal, name="renewal"),
    path("chiedi/<id:pk>/", views.ask, name="renewal_ask"),
    path("<id:pk>/ferma/", views.stop, name="renewal_stop"),
    path("<id:pk>/riprendi/", views.go_on, name="renewal_go_on"),
    path("<id:pk>/rimetti/", views.restore, name="renewal_restore"),
    path("persona/<id:pk>/rimetti/", views.put_back, name="renewal_put_back"),
]
