# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import path, register_converter

from arengo.newsroom import sending_views, views
from arengo.newsroom.models import Outlet


class OutletConverter:
    regex = "|".join(Outlet.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(OutletConverter, "outlet")

app_name = "newsroom"

urlpatterns = [
    path("", views.updates, name="updates"),
    path("nuovo/", views.new, name="new"),
    path("anteprima/", views.preview, name="preview"),
    path("modelli/", sending_views.message_templates, name="templates"),
    path("modelli/<int:sender_id>/crea/", sending_views.create_templates, name="create_templates"),
    path("modelli/<int:sender_id>/aggiorna/", sending_views.sync_templates, name="sync_templates"),
    path("<int:pk>/", sending_views.update, name="update"),
    path("<int:pk>/modifica/", views.edit, name="edit"),
    path("<int:pk>/elimina/", views.discard, name="discard"),
    path("<int:pk>/immagine", views.image, name="image"),
    path("<int:pk>/invio/", sending_views.send, name="send"),
    path("<int:pk>/andamento/", sending_views.progress, name="progress"),
    path("<int:pk>/riprova/", sending_views.retry, name="retry"),
    path("<int:pk>/ferma/", sending_views.stop, name="stop"),
    path("<int:pk>/<outlet:outlet>/riprova/", sending_views.retry_outlet, name="retry_outlet"),
]
