# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.audience import views

app_name = "audience"

urlpatterns = [
    path("", views.subscribers, name="subscribers"),
    path("cerca/", views.search, name="search"),
    path("<int:pk>/", views.citizen, name="citizen"),
    path("<int:pk>/dati/", views.export, name="export"),
    path("<int:pk>/elimina/", views.erase, name="erase"),
    path("<int:pk>/cancella-iscrizione/<int:identity_id>/", views.unsubscribe, name="unsubscribe"),
    path("prova/<int:pk>/", views.proof, name="proof"),
    path("testi/<int:pk>/", views.policy, name="policy"),
]
