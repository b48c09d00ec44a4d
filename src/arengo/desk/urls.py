# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import path

from arengo.desk import action_views, media_views, views

app_name = "desk"

urlpatterns = [
    path("", views.inbox_page, name="inbox"),
    path("lista/", views.list_part, name="list"),
    path("<int:pk>/", views.conversation_page, name="conversation"),
    path("<int:pk>/pannello/", views.panel_part, name="panel"),
    path("<int:pk>/rispondi/", action_views.reply, name="reply"),
    path("<int:pk>/prendi/", action_views.take, name="take"),
    path("<int:pk>/rilascia/", action_views.release, name="release"),
    path("<int:pk>/assegna/", action_views.assign, name="assign"),
    path("<int:pk>/chiudi/", action_views.close, name="close"),
    path("<int:pk>/riapri/", action_views.reopen, name="reopen"),
    path("<int:pk>/visto/", action_views.seen, name="seen"),
    path("<int:pk>/scrive/", action_views.typing, name="typing"),
    path("messaggi/<int:pk>/reazione/", action_views.react, name="react"),
    path("messaggi/<int:pk>/riprova/", action_views.retry, name="retry"),
    path("allegati/<int:pk>/", media_views.attachment, name="attachment"),
    path("allegati/<int:pk>/miniatura/", media_views.thumbnail, name="thumbnail"),
]
