# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of this room's actions, and what it calls their objects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.channel.models import Post
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named

_VERBS = {
    "channel.withdrew": _("ha ritirato un post dal canale"),
}


def _posts(ids: Collection[int]) -> Mapping[int, Named]:
    page = reverse("channel:board")
    return {
        each.pk: Named(gettext("post «%(title)s»") % {"title": isolated(each)}, page)
        for each in Post.objects.filter(pk__in=ids)
    }


def register() -> None:
    log_entries.room("channel", _("il canale"), order=30)
    log_entries.verbs(_VERBS)
    log_entries.objects("channel.Post", _("post"), _posts)
