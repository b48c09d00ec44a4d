# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/impostazioni/."""

from __future__ import annotations

from django.urls import path

from arengo.delivery.prices import price_views
from arengo.delivery.senders import sender_views
from arengo.delivery.sending import automatic_views
from arengo.delivery.timeline import withheld_views

urlpatterns = [
    path("risposte-automatiche/", automatic_views.automatic_page, name="automatic"),
    path("mittenti/", sender_views.sender_list, name="senders"),
    path("mittenti/nuovo/", sender_views.new_sender, name="sender_new"),
    path("mittenti/<id:pk>/", sender_views.edit_sender, name="sender"),
    path("mittenti/<id:pk>/prova/", sender_views.try_sender, name="sender_try"),
    path("mittenti/<id:pk>/riattiva/", sender_views.resume_sender, name="sender_resume"),
    path("mittenti/<id:pk>/webhook/", sender_views.subscribe_sender, name="sender_subscribe"),
    path("prezzi/", price_views.prices, name="prices"),
    path("prezzi/listino/", price_views.use_published, name="prices_published"),
    path("prezzi/<id:pk>/togli/", price_views.remove_price, name="price_remove"),
    path("ripristino/", withheld_views.withheld_page, name="withheld"),
    path("ripristino/letto/", withheld_views.read, name="withheld_read"),
    path("ripristino/singoli/invia/", withheld_views.release_singles, name="withheld_release_singles"),
    path("ripristino/singoli/annulla/", withheld_views.drop_singles, name="withheld_drop_singles"),
    path("ripristino/<id:pk>/invia/", withheld_views.release_mailing, name="withheld_release"),
    path("ripristino/<id:pk>/annulla/", withheld_views.drop_mailing, name="withheld_drop"),
]
