# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Under /console/redazione/."""

from __future__ import annotations

from django.urls import include, path, register_converter

from arengo.newsroom import autosaving, sending_views, views
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.pages.views import links, read_page
from arengo.newsroom.schedule import views as schedule_views


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
    path("", include("arengo.newsroom.spending.urls")),
    path("<id:pk>/", sending_views.update, name="update"),
    path("<id:pk>/modifica/", views.edit, name="edit"),
    path("salva/", autosaving.new, name="autosave_new"),
    path("<id:pk>/salva/", autosaving.stored, name="autosave"),
    path("<id:pk>/adesso/", autosaving.meanwhile, name="meanwhile"),
    path("<id:pk>/elimina/", views.discard, name="discard"),
    path("<id:pk>/immagine", views.image, name="image"),
    path("<id:pk>/collegamenti/", links, name="links"),
    path("<id:pk>/invio/", sending_views.send, name="send"),
    path("<id:pk>/programma/", schedule_views.plan, name="plan"),
    path("<id:pk>/non-programmare/", schedule_views.cancel, name="unplan"),
    path("<id:pk>/andamento/", sending_views.progress, name="progress"),
    path("<id:pk>/riprova/", sending_views.retry, name="retry"),
    path("<id:pk>/ferma/", sending_views.stop, name="stop"),
    path("<id:pk>/<outlet:outlet>/riprova/", sending_views.retry_outlet, name="retry_outlet"),
    path("", include("arengo.newsroom.versions.urls")),
    path("", include("arengo.newsroom.review.urls")),
    path("", include("arengo.newsroom.comments.urls")),
    path("", include("arengo.newsroom.presence.urls")),
    path("", include("arengo.newsroom.sharing.urls")),
    path("", include("arengo.newsroom.copying.urls")),
    path("", include("arengo.newsroom.archive.urls")),
    path("", include("arengo.newsroom.electoral.urls")),
    *(path("", include(outlet.urls)) for outlet in registry.outlets() if outlet.urls),
    *(path("", include(kind.urls)) for kind in kinds.kinds() if kind.urls),
]
