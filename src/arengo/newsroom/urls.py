# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import include, path, register_converter

from arengo.newsroom import sending_views, views
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.pages.views import links, read_page


class OutletConverter:
    """Any key: also of an outlet that is no longer there."""

    regex = "[a-z_]{1,40}"

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
    path("pagina/", read_page, name="read_page"),
    path("modelli/", sending_views.message_templates, name="templates"),
    path("<id:pk>/", sending_views.update, name="update"),
    path("<id:pk>/modifica/", views.edit, name="edit"),
    path("<id:pk>/elimina/", views.discard, name="discard"),
    path("<id:pk>/immagine", views.image, name="image"),
    path("<id:pk>/collegamenti/", links, name="links"),
    path("<id:pk>/invio/", sending_views.send, name="send"),
    path("<id:pk>/andamento/", sending_views.progress, name="progress"),
    path("<id:pk>/riprova/", sending_views.retry, name="retry"),
    path("<id:pk>/ferma/", sending_views.stop, name="stop"),
    path("<id:pk>/<outlet:outlet>/riprova/", sending_views.retry_outlet, name="retry_outlet"),
    *(path("", include(outlet.urls)) for outlet in registry.outlets() if outlet.urls),
    *(path("", include(kind.urls)) for kind in kinds.kinds() if kind.urls),
]
