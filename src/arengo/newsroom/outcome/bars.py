# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mailing as one bar: each recipient in one part, so that the parts add up to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.newsroom.outlets.base.contract import Figures

WIDTH = 1000
_THINNEST = 4  # of WIDTH: one person of thousands is seen too


@dataclass(frozen=True)
class Part:
    """``key``: its class in the stylesheet. ``x`` and ``width`` are text already: a template would write them as people read them."""

    key: str
    words: str | Promise
    count: int
    x: str = "0"
    width: str = "0"


def parts(figures: Figures) -> list[Part]:
    """From what came furthest to what did not leave. Those without anybody are there too, without width."""
    if figures.receipts:
        came = [
            Part("read", _("Letti"), figures.read),
            Part("delivered", _("Consegnati, non letti"), figures.unread),
            Part("accepted", _("Accettati, non arrivati"), figures.undelivered),
        ]
    else:
        came = [Part("accepted", _("Inviati"), figures.arrived)]
    return _placed(
        [
            *came,
            Part("unknown", _("Senza esito"), figures.unknown),
            Part("failed", _("Non riusciti"), figures.failed),
            Part("waiting", _("Da inviare"), figures.waiting),
            Part("cancelled", _("Mai inviati"), figures.cancelled),
        ]
    )


def _placed(found: Sequence[Part]) -> list[Part]:
    whole = sum(part.count for part in found)
    if not whole:
        return list(found)
    widths = [max(part.count * WIDTH / whole, _THINNEST) if part.count else 0.0 for part in found]
    scale = WIDTH / sum(widths)
    placed, at = [], 0.0
    for part, width in zip(found, widths, strict=True):
        placed.append(Part(part.key, part.words, part.count, f"{at:.1f}", f"{width * scale:.1f}"))
        at += width * scale
    return placed
