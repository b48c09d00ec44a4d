# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an update stands, by what reached people: never by what was attempted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _, ngettext

from arengo.core.lengths import grouped
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.outlets.base.contract import Figures

_MANY_FAILED = 10  # one in so many: a mailing that missed more people asks for somebody's eye


@dataclass(frozen=True)
class Standing:
    """``look``: as the tag ``status`` knows it; ``sign``: its own icon, "" for the look's."""

    look: Literal["info", "success", "warning", "danger", "quiet"]
    words: str
    sign: str = ""


def of_figures(figures: Figures) -> Standing:
    """Of a copy that goes to people one by one."""
    shown = {"arrived": grouped(figures.arrived), "total": grouped(figures.total)}
    if figures.withheld and figures.stopped:
        return Standing("warning", _("Annullato dopo un ripristino"))
    if figures.stopped:
        return _stopped(figures, shown)
    if not figures.over:
        return _leaving(figures)
    if not figures.total:
        return Standing("warning", _("Non c’era nessuno a cui inviarlo"))
    if figures.unknown:
        words = ngettext("%(shown)s senza esito", "%(shown)s senza esito", figures.unknown)
        unknown = words % {"shown": grouped(figures.unknown)}
        if figures.arrived:
            unknown = _("Arrivato a %(arrived)s di %(total)s · %(unknown)s") % {**shown, "unknown": unknown}
        return Standing("warning", unknown)
    if _in_vain(figures):
        return Standing("danger", _("Non arrivato a nessuno"))
    if not figures.arrived:
        return Standing("info", _("Partito: aspetta le conferme di arrivo"))
    words = _("Arrivato a %(arrived)s di %(total)s") % shown
    return Standing("warning" if figures.failed * _MANY_FAILED > figures.total else "success", words)


def _stopped(figures: Figures, shown: Mapping[str, str]) -> Standing:
    if not figures.arrived and not figures.awaited:
        return Standing("warning", _("Fermato: non è arrivato a nessuno"))
    return Standing("warning", _("Fermato: a %(arrived)s di %(total)s") % shown)


def _leaving(figures: Figures) -> Standing:
    if figures.withheld:
        return Standing("warning", _("Trattenuto dopo un ripristino"))
    if figures.held_up:
        return Standing("warning", _("In attesa: il mittente è fermo"))
    return Standing("info", _("In partenza"))


def of_copies(copies: Sequence[Placement], figures: Mapping[int, Figures]) -> list[Standing]:
    """Of the copies of one sent update, for one row of a list: what reached people first, then what did not come out."""
    found = [of_figures(figures[one.pk]) for one in copies if one.pk in figures]
    missing = [one for one in copies if one.state == Placement.State.FAILED]
    found += [Standing("danger", _("Non uscito: %(outlet)s") % {"outlet": _name(one)}) for one in missing]
    if any(one.state == Placement.State.PERSON for one in copies):
        found.append(Standing("warning", _("Aspetta una persona")))
    if not found and any(one.state == Placement.State.DONE for one in copies):
        found.append(Standing("success", _("Uscito")))
    return found


def _name(copy: Placement) -> str:
    outlet = registry.of(copy)
    return str(outlet.words.name) if outlet else copy.outlet


def headline(copies: Sequence[tuple[Placement, Figures | None]]) -> str:
    """«Arrivato a 1.815 persone su 1.998, uscito in 4 posti su 5.» Each copy with its figures, where it goes to people one by one.

    A mailing that reached nobody did not come out anywhere.
    """
    out = sum(1 for one, figures in copies if one.state == Placement.State.DONE and not _in_vain(figures))
    where = ""
    if len(copies) > 1:
        words = ngettext("uscito in %(out)d posto su %(all)d", "uscito in %(out)d posti su %(all)d", out)
        where = words % {"out": out, "all": len(copies)}
    mailings = [figures for _one, figures in copies if figures is not None]
    total = sum(one.total for one in mailings)
    if not total:
        return f"{where[:1].upper()}{where[1:]}." if where else ""
    arrived = sum(one.arrived for one in mailings)
    people = ngettext(
        "Arrivato a %(arrived)s persona su %(total)s", "Arrivato a %(arrived)s persone su %(total)s", arrived
    )
    if not arrived:
        people = _("Non è ancora arrivato a nessuno, su %(total)s")
        if all(_in_vain(one) for one in mailings):
            people = _("Non è arrivato a nessuno, su %(total)s")
    said = people % {"arrived": grouped(arrived), "total": grouped(total)}
    return f"{said}, {where}." if where else f"{said}."


def _in_vain(figures: Figures | None) -> bool:
    return figures is not None and figures.over and not figures.arrived and not figures.awaited


def is_published(update: Update) -> bool:
    """It went to nobody by name: «pubblicato», not «inviato»."""
    chosen = registry.chosen(one.outlet for one in update.placements.all())
    return not any(outlet.partials.cost for outlet in chosen)
