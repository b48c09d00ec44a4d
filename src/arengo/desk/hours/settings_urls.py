# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings pages of opening hours, in the namespace ``settings``."""

from __future__ import annotations

from django.urls import path

from arengo.desk.hours import exception_views, notice_views, settings_views

urlpatterns = [
    path("avviso-fuori-orario/", notice_views.out_of_hours, name="out_of_hours"),
    path("orari/", settings_views.hours, name="hours"),
    path("orari/<id:pk>/", settings_views.desk_hours, name="desk_hours"),
    path("orari/<id:pk>/rileggi/", settings_views.read_again, name="hours_read_again"),
    path("orari/<id:pk>/feste/", settings_views.desk_holidays, name="desk_holidays"),
    path("orari/<id:pk>/chiusura/", exception_views.new_closure, name="new_closure"),
    path("orari/<id:pk>/apertura/", exception_views.new_extra_opening, name="new_extra_opening"),
    path("orari/<id:pk>/stagione/", exception_views.new_season, name="new_season"),
    path("orari/chiusure/<id:pk>/", exception_views.closure, name="closure"),
    path("orari/chiusure/<id:pk>/togli/", exception_views.closure_remove, name="closure_remove"),
    path("orari/aperture/<id:pk>/", exception_views.extra_opening, name="extra_opening"),
    path("orari/aperture/<id:pk>/togli/", exception_views.extra_opening_remove, name="extra_opening_remove"),
    path("orari/stagioni/<id:pk>/", exception_views.season, name="season"),
    path("orari/stagioni/<id:pk>/togli/", exception_views.season_remove, name="season_remove"),
]
