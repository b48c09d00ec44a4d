# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update as the lines that a person reads, each with its name: for what compares, prints or searches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from django.utils.translation import gettext as _

from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base import registry as kinds


@dataclass(frozen=True)
class Passage:
    """``key`` is the same in every version: what differs is looked for between passages of one key."""

    key: str
    label: str
    text: str


@runtime_checkable
class HasPassages(Protocol):
    """A kind that holds more than title, items and picture: what each of these says."""

    def passages(self, draft: Draft) -> Sequence[Passage]: ...


def passages(draft: Draft) -> list[Passage]:
    """What is written, in the order of the editor; empty ones too."""
    found = [Passage("title", _("Titolo"), draft.title)]
    for number, flash in enumerate(draft.slots, start=1):
        found.append(Passage(f"text_{number}", _("Notizia %(n)d") % {"n": number}, flash.text))
        found.append(
            Passage(f"url_{number}", _("Collegamento della notizia %(n)d") % {"n": number}, flash.url)
        )
    found.append(Passage("image_alt", _("Descrizione dell'immagine"), draft.image_alt))
    kind = kinds.find(draft.kind)
    return [*found, *kind.passages(draft)] if isinstance(kind, HasPassages) else found
