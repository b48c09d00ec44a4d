# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/sportello/."""

from __future__ import annotations

from django.urls import path

from arengo.desk.blocks import list_views, views

urlpatterns = [
    path("<id:pk>/regole/", views.house_rules, name="house_rules"),
    path("bloccati/", list_views.blocked, name="blocked"),
    path("bloccati/<id:pk>/", list_views.block, name="block"),
    path("bloccati/<id:pk>/fascicolo.pdf", list_views.dossier_pdf, name="block_dossier"),
    path("bloccati/<id:pk>/conferma/", list_views.confirm, name="confirm_block"),
    path("bloccati/<id:pk>/non-bloccare/", list_views.decline, name="decline_block"),
    path("bloccati/<id:pk>/sblocca/", list_views.lift, name="lift_block"),
    path("bloccati/<id:pk>/allunga/", list_views.prolong, name="prolong_block"),
]
