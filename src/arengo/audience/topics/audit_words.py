# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of topics, quarters and choices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.models import Quarter, Topic
from arengo.audience.naming import Named as NamedRow
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named

_VERBS: dict[str, str | Promise] = {
    "audience.added_topic": _("ha aggiunto un tema o quartiere"),
    "audience.changed_topic": _("ha cambiato un tema o quartiere"),
    "audience.removed_topic": _("ha tolto un tema o quartiere"),
    "audience.merged_topic": _("ha unito un tema o quartiere a un altro"),
    "audience.undid_topic": _("ha annullato un cambiamento di temi o quartieri"),
    "audience.chose": _("ha cambiato che cosa riceve un cittadino, su sua richiesta"),
}
_DETAILS = {"name": _("nome"), "people": _("persone spostate"), "into": _("confluito in")}


def _of(model: type[NamedRow]) -> Callable[[Collection[int]], Mapping[int, Named]]:
    def named(ids: Collection[int]) -> Mapping[int, Named]:
        found = model.objects.filter(pk__in=ids)
        return {one.pk: Named(isolated(one.name), reverse("audience:topics")) for one in found}

    return named


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("audience", _DETAILS)
    log_entries.objects("audience.Topic", _("tema"), _of(Topic))
    log_entries.objects("audience.Quarter", _("quartiere"), _of(Quarter))
