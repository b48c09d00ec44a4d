# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""News as a kind."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.delivery.models import Urgency
from arengo.newsroom.kinds.base.contract import KindPartials
from arengo.newsroom.kinds.base.flashes import Flashes
from arengo.newsroom.kinds.news import KEY


class News(Flashes):
    key = KEY
    name = _("Notizia")
    about = _("Un titolo e da una a quattro notizie, anche lunghe.")
    urgency = Urgency.NEWS
    partials = KindPartials(editor="newsroom/news/editor.html")
