# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the log says of house rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience import touched
from arengo.audience.people import name_of
from arengo.core import log_entries
from arengo.core.clean_text import isolated
from arengo.core.log_entries import Named
from arengo.desk.blocks.models import Block

_VERBS = {
    "desk.warned": _("ha richiamato un cittadino alle regole della casa"),
    "desk.asked_block": _("ha chiesto di bloccare un cittadino"),
    "desk.blocked": _("ha bloccato un cittadino"),
    "desk.declined_block": _("non ha confermato un blocco"),
    "desk.unblocked": _("ha sbloccato un cittadino"),
    "desk.prolonged_block": _("ha allungato un blocco"),
    "desk.block_ended": _("ha registrato la fine di un blocco"),
    "desk.downloaded_dossier": _("ha scaricato il fascicolo di un blocco"),
    "desk.changed_blocks": _("ha cambiato che cosa si dice a chi è bloccato"),
}


def _blocks(ids: Collection[int]) -> Mapping[int, Named]:
    found = Block.objects.filter(pk__in=ids).select_related("contact").prefetch_related("contact__identities")
    return {
        each.pk: Named(
            gettext("blocco di %(name)s") % {"name": isolated(name_of(each.contact))},
            reverse("desk:block", args=[each.pk]),
        )
        for each in found
    }


def _citizens(ids: Collection[int]) -> Iterable[int]:
    found: Iterable[int] = Block.objects.filter(pk__among=list(ids)).values_list("contact_id", flat=True)
    return found


def register() -> None:
    log_entries.verbs(_VERBS)
    log_entries.details("desk", {"warning": _("richiamo")})
    touched.register("desk_blocks.Block", _citizens)
    log_entries.objects("desk_blocks.Block", _("blocco"), _blocks)
