# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/iscritti/."""

from __future__ import annotations

from django.urls import path

from arengo.audience.rights import breach_views, views

urlpatterns = [
    path("richieste/", views.requests, name="requests"),
    path("richieste/violazione/", breach_views.breach_page, name="breach"),
    path("richieste/violazione/elenco/", breach_views.breach_list, name="breach_list"),
    path("<id:pk>/pagina/", views.send_page, name="send_page"),
    path("<id:pk>/richieste/nuova/", views.record, name="record_request"),
    path("<id:pk>/richieste/<id:request_id>/chiudi/", views.close, name="close_request"),
    path("<id:pk>/diritti/<slug:right>/", views.use_right, name="right"),
]
