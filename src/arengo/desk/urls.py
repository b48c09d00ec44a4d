# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from django.urls import include, path

from arengo.desk import action_views, formatting_views, media_views, responder_views, views

app_name = "desk"

urlpatterns = [
    path("anteprima/", formatting_views.preview, name="preview"),
    path("", include("arengo.desk.lists.urls")),
    path("", views.inbox_page, name="inbox"),
    path("<id:pk>/", views.conversation_page, name="conversation"),
    path("<id:pk>/pannello/", views.panel_part, name="panel"),
    path("<id:pk>/rispondi/", action_views.reply, name="reply"),
    path("<id:pk>/messaggio-approvato/", action_views.send_approved, name="send_approved"),
    path("<id:pk>/prendi/", action_views.take, name="take"),
    path("<id:pk>/rilascia/", action_views.release, name="release"),
    path("<id:pk>/assegna/", action_views.assign, name="assign"),
    path("<id:pk>/sportello/", action_views.move, name="move"),
    path("<id:pk>/chiudi/", action_views.close, name="close"),
    path("<id:pk>/annulla-chiusura/", action_views.undo_close, name="undo_close"),
    path("<id:pk>/riapri/", action_views.reopen, name="reopen"),
    path("<id:pk>/riprendi/", action_views.take_back, name="take_back"),
    path("altro-risponditore/", responder_views.responder, name="responder"),
    path("altro-risponditore/<id:pk>/visto/", responder_views.acknowledge, name="acknowledge_responder"),
    path("<id:pk>/visto/", action_views.seen, name="seen"),
    path("<id:pk>/scrive/", action_views.typing, name="typing"),
    path("messaggi/<id:pk>/reazione/", action_views.react, name="react"),
    path("messaggi/<id:pk>/riprova/", action_views.retry, name="retry"),
    path("allegati/<id:pk>/", media_views.attachment, name="attachment"),
    path("allegati/<id:pk>/riprova/", action_views.fetch, name="fetch"),
    path("allegati/<id:pk>/miniatura/", media_views.thumbnail, name="thumbnail"),
    path("", include("arengo.desk.labels.urls")),
    path("", include("arengo.desk.notes.urls")),
    path("", include("arengo.desk.follow_ups.urls")),
    path("", include("arengo.desk.presence.urls")),
    path("", include("arengo.desk.absences.urls")),
    path("", include("arengo.desk.protocol.urls")),
    path("", include("arengo.desk.offices.urls")),
    path("", include("arengo.desk.blocks.urls")),
    path("", include("arengo.desk.redirects.urls")),
    path("", include("arengo.desk.list_requests.urls")),
    path("", include("arengo.desk.mistakes.urls")),
    path("", include("arengo.desk.asking.urls")),
    path("", include("arengo.desk.uploads.urls")),
]
