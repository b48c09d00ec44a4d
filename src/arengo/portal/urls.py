# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.portal import desk_views, embed_views, join_views, views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("sportello/", desk_views.desk, name="desk"),
    path("sportello/qr.svg", desk_views.desk_qr, name="desk_qr"),
    path("sportello/sportello.vcf", desk_views.desk_card, name="desk_card"),
    path("sportello/orari.ics", desk_views.desk_calendar, name="desk_calendar"),
    path("sportello/icona.svg", embed_views.desk_icon, name="desk_icon"),
    path("sportello/stato.json", embed_views.desk_state, name="desk_state"),
    path("sportello/icona/", embed_views.desk_embed, name="desk_embed"),
    path("wa", views.follow, name="follow"),
    path("wa/scegli", join_views.join_form, name="join_form"),
    path("wa/scegli/qr.svg", join_views.join_form_qr, name="join_form_qr"),
    path("wa/qr.svg", views.join_qr, name="join_qr"),
    path("informativa/", views.privacy, name="privacy"),
    path("regole/", views.rules, name="rules"),
    path("note-legali/", views.legal_notes, name="legal_notes"),
    path("accessibilita/", views.accessibility, name="accessibility"),
    path("sorgente/", views.source, name="source"),
    path("stemma", views.logo, name="logo"),
]
