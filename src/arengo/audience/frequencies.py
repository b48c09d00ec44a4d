# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of what the town sends somebody wants: everything as it comes out, or one kind of it alone.

A kind of update registers the choice that it makes possible, from its AppConfig, and carries its key (``Kind.frequency``): «only
digests» can be chosen once there are digests. Somebody who chose one receives what belongs to it, and alerts.
Everything is what one has without a choice; it needs no registration, and is offered once there is another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERYTHING = ""
_KEY = re.compile(r"[a-z][a-z_]{0,19}")


@dataclass(frozen=True)
class Frequency:
    """``label``: as it is chosen, «Solo il riepilogo». ``phrase``: as it is told, «solo con il riepilogo».

    ``words``: what people write to choose it, besides the label. ``order``: among the others.
    """

    key: str
    label: str | Promise
    phrase: str | Promise
    words: tuple[str, ...] = ()
    order: int = 50


_everything = Frequency(EVERYTHING, _("Tutto, appena esce"), _("appena escono"), order=0)
_registered: dict[str, Frequency] = {}


def register(frequency: Frequency) -> None:
    """ValueError: a mistake of a room. The key stays in rows for ever."""
    if not _KEY.fullmatch(frequency.key) or _registered.get(frequency.key, frequency) != frequency:
        raise ValueError(f"«{frequency.key}» is no key of a frequency, or is taken.")
    _registered[frequency.key] = frequency


def offered() -> Sequence[Frequency]:
    """From most to least; none where there is nothing to choose."""
    others = sorted(_registered.values(), key=lambda one: one.order)
    return [_everything, *others] if others else []


def find(key: str) -> Frequency | None:
    """None for one that nobody registers any more."""
    return _everything if key == EVERYTHING else _registered.get(key)
