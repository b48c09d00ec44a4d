# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import include, path

from arengo.audience import views
from arengo.audience.overview import time_views, views as overview_views

app_name = "audience"

urlpatterns = [
    path("", overview_views.overview, name="subscribers"),
    path("movimenti/", overview_views.moved, name="moved"),
    path("andamento/", time_views.over_time, name="over_time"),
    path("esporta/", include("arengo.audience.exports.urls")),
    path("persone/", include("arengo.audience.people_list.urls")),
    path("importa/", include("arengo.audience.imports.urls")),
    path("numeri/", include("arengo.audience.unreached.urls")),
    path("", include("arengo.audience.topics.urls")),
    path("", include("arengo.audience.rights.urls")),
    path("", include("arengo.audience.linking.urls")),
    path("", include("arengo.audience.retention.urls")),
    path("<id:pk>/", views.citizen, name="citizen"),
    path("<id:pk>/cancella-iscrizione/<id:identity_id>/", views.unsubscribe, name="unsubscribe"),
    path("prove/", include("arengo.audience.inspections.urls")),
    path("conferme/", include("arengo.audience.renewals.urls")),
    path("prova/", include("arengo.audience.proofs.urls")),
    path("testi/<id:pk>/", views.policy, name="policy"),
]
