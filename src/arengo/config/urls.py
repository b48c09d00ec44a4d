# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import include, path

from arengo.core.console.views import home, tabs
from arengo.core.health import readyz
from arengo.core.language_views import set_language
from arengo.core.live_views import live
from arengo.core.token_views import token
from arengo.monitoring.metrics import metrics

# address → the room that answers there
ROOMS: tuple[tuple[str, str], ...] = (
    ("console/sportello/orari/", "arengo.desk.hours.urls"),
    ("console/sportello/cerca/", "arengo.desk.search.urls"),
    ("console/sportello/risposte/", "arengo.desk.replies.urls"),
    ("console/sportello/", "arengo.desk.urls"),
    ("console/redazione/", "arengo.newsroom.urls"),
    ("ufficio/", "arengo.desk.offices.public_urls"),
    ("console/canale/", "arengo.channel.console_urls"),
    ("console/iscritti/", "arengo.audience.urls"),
    ("console/dati/", "arengo.insights.urls"),
    ("console/impostazioni/", "arengo.core.console.settings_urls"),
    ("canale/", "arengo.channel.urls"),
    ("anteprima/", "arengo.newsroom.sharing.public_urls"),
    ("sondaggi/", "arengo.newsroom.votes.public_urls"),
    ("miei/", "arengo.audience.personal.urls"),
    ("", "arengo.portal.urls"),
)

urlpatterns = [
    path("readyz", readyz),
    path("metrics", metrics),
    path("console/", home, name="console"),
    path("console/live/", live, name="live"),
    path("console/gettone/", token, name="token"),
    path("console/schede/", tabs, name="console_tabs"),
    path("console/accesso/", include("arengo.accounts.urls")),
    path("lingua/", set_language, name="set_language"),
    *(path(address, include(room)) for address, room in ROOMS),
]

handler400 = "arengo.core.error_views.bad_request"
handler403 = "arengo.core.error_views.forbidden"
handler404 = "arengo.core.error_views.not_found"
handler429 = "arengo.core.error_views.too_many"
handler500 = "arengo.core.error_views.server_error"
