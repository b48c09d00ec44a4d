# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What there is to choose, as a list to press in the chat.

A row says what its press does, so that an old list on a phone does the same for ever, and the second press of a row nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from arengo.audience import choices, frequencies
from arengo.audience.commands import FREQUENCY, LESS, QUARTERS
from arengo.audience.naming import Named
from arengo.audience.receiving import Names, Receives
from arengo.platforms.contract import Choice, Listing, Pressing, Section
from arengo.platforms.registry import platform

MORE, ALL, PAGE, IS = "+", "all", "p", "="  # beginnings of values, beside commands.LESS


@dataclass(frozen=True)
class Row:
    value: str
    title: str
    about: str


def pressing_on(name: str) -> Pressing | None:
    """What the platform lets people press; None where it carries no lists."""
    can = platform(name).can
    return can.pressing if Listing in can.sends else None


def offered(names: Names, kind: str, receives: Receives) -> Sequence[Named]:
    """Those in use; of topics out of season those that they have."""
    if kind == QUARTERS:
        return [quarter for quarter in names.quarters.values() if quarter.ended_at is None]
    today = timezone.localdate()
    return [
        topic
        for topic in names.topics.values()
        if topic.ended_at is None and (topic.is_in_season(today) or topic.pk in receives.topics)
    ]


def listing(
    body: str, kind: str, names: Names, receives: Receives, pressing: Pressing, page: int = 1
) -> Listing | None:
    """None where there is nothing to choose, or ``body`` is longer than may stand over a list."""
    rows = _of_frequency(receives) if kind == FREQUENCY else _of_named(kind, names, receives)
    if not rows or pressing.rows < 2 or pressing.body.over(body):
        return None
    return Listing(
        body,
        pressing.button.cut(_("Scegli")),
        [Section("", [_choice(kind, row, pressing) for row in _page(rows, pressing.rows, page)])],
    )


def _choice(kind: str, row: Row, pressing: Pressing) -> Choice:
    title = pressing.row.cut(row.title)
    about = row.about if title == row.title else f"{row.title}. {row.about}"
    return Choice(choices.id_of(kind, row.value), title, pressing.description.cut(about))


def _page(rows: Sequence[Row], most: int, page: int) -> Sequence[Row]:
    """All where they fit, else a part with a row that leads to the next, and from the last to the first."""
    if len(rows) <= most:
        return rows
    each = most - 1
    pages = -(-len(rows) // each)
    page = min(max(page, 1), pages)
    following = page % pages + 1
    more = Row(
        f"{PAGE}{following}",
        _("Altri…"),
        _("Pagina %(page)d di %(pages)d") % {"page": following, "pages": pages},
    )
    return [*rows[(page - 1) * each : page * each], more]


def _of_named(kind: str, names: Names, receives: Receives) -> list[Row]:
    found = offered(names, kind, receives)
    if not found:
        return []
    chosen = receives.quarters if kind == QUARTERS else receives.topics
    rows = [_row(one, chosen) for one in found]
    if chosen:
        everything = _("Tutta la città") if kind == QUARTERS else _("Tutti i temi")
        rows.insert(0, Row(ALL, everything, _("Premi per riceverli tutti")))
    return rows


def _row(one: Named, chosen: frozenset[int]) -> Row:
    if not chosen:
        return Row(f"{MORE}{one.pk}", one.name, _("Premi per ricevere solo questo"))
    if one.pk in chosen:
        return Row(f"{LESS}{one.pk}", f"✓ {one.name}", _("Lo ricevi: premi per toglierlo"))
    return Row(f"{MORE}{one.pk}", one.name, _("Premi per aggiungerlo"))


def _of_frequency(receives: Receives) -> list[Row]:
    return [
        Row(
            f"{IS}{one.key}",
            f"✓ {one.label}" if one.key == receives.frequency else str(one.label),
            _("È come ricevi adesso") if one.key == receives.frequency else _("Premi per scegliere così"),
        )
        for one in frequencies.offered()
    ]


def as_text(kind: str, names: Names, receives: Receives, words: Mapping[str, str]) -> str:
    """The same where nothing can be pressed: what to write. ``words``: of joining and leaving (``join``, ``leave``)."""
    if kind == FREQUENCY:
        labels = ", ".join(f"«{one.label}»" for one in frequencies.offered())
        return _("Per cambiare scrivi una di queste: %(labels)s.") % {"labels": labels}
    listed = ", ".join(one.name for one in offered(names, kind, receives))
    said = {**words, "names": listed}
    if kind == QUARTERS:
        return (
            _(
                "Quartieri: %(names)s. Per averne uno scrivi %(join)s e il quartiere, per toglierlo %(leave)s e il quartiere."
            )
            % said
        )
    return (
        _(
            "Temi: %(names)s. Per aggiungerne uno scrivi %(join)s e il tema, per toglierlo %(leave)s e il tema."
        )
        % said
    )
