# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What differs between two texts, word by word, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from django.utils.translation import gettext as _

from arengo.newsroom import topics
from arengo.newsroom.drafts import Draft
from arengo.newsroom.estimating import joined
from arengo.newsroom.outlets.base import registry
from arengo.newsroom.passages import passages

MOST_WORDS = (
    600  # of each side that are compared word by word: a longer text is shown whole, before and after
)
_WORD = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)

Sort = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Piece:
    sort: Sort
    text: str


@dataclass(frozen=True)
class Change:
    """One passage that differs. ``pieces``: all of its words, those that stayed too; none where ``label`` says it all."""

    label: str
    pieces: Sequence[Piece] = ()


def pieces(before: str, after: str) -> list[Piece]:
    """What stays, what was taken away and what came, in the order of reading. No word is cut in two."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        old, new = [before], [after]
    found: list[_Stretch] = []
    for step, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        removed, added = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        found.append(_Stretch(same=removed) if step == "equal" else _Stretch(removed=removed, added=added))
    told = [
        piece
        for stretch in _gathered(found)
        for piece in (
            Piece("same", stretch.same),
            Piece("removed", stretch.removed),
            Piece("added", stretch.added),
        )
    ]
    return [piece for piece in told if piece.text]


@dataclass
class _Stretch:
    same: str = ""
    removed: str = ""
    added: str = ""


def _gathered(found: list[_Stretch]) -> list[_Stretch]:
    """Two changes with nothing but a space between them are one: a sentence reads better than each of its words by itself."""
    done: list[_Stretch] = []
    for number, stretch in enumerate(found):
        last = done[-1] if done else None
        if last is None or last.same:
            done.append(stretch)
        elif stretch.same.isspace() and number < len(found) - 1:
            last.removed, last.added = last.removed + stretch.same, last.added + stretch.same
        elif stretch.same:
            done.append(stretch)
        else:
            last.removed, last.added = last.removed + stretch.removed, last.added + stretch.added
    return done


def changes(before: Draft, after: Draft, *, picture_changed: bool = False) -> list[Change]:
    """Passage by passage, those alone that differ."""
    found: list[Change] = []
    if _only_moved(before, after):
        found.append(Change(_("L'ordine delle notizie è cambiato")))
        before = replace(before, slots=after.slots)
    old = {passage.key: passage.text for passage in passages(before)}
    for passage in passages(after):
        was = old.get(passage.key, "")
        if was != passage.text:
            found.append(Change(passage.label, pieces(was, passage.text)))
    for label, was, now in (
        (_("Dove esce"), _outlets(before), _outlets(after)),
        (_("Temi"), joined(topics.names_of(before.topics)), joined(topics.names_of(after.topics))),
        (
            _("Quartieri"),
            joined(topics.quarter_names_of(before.quarters)),
            joined(topics.quarter_names_of(after.quarters)),
        ),
    ):
        if was != now:
            found.append(Change(label, pieces(was, now)))
    if picture_changed:
        found.append(Change(_picture(before, after)))
    return found


def _only_moved(before: Draft, after: Draft) -> bool:
    lines = [sorted((flash.text, flash.url) for flash in draft.slots) for draft in (before, after)]
    return before.slots != after.slots and lines[0] == lines[1]


def _outlets(draft: Draft) -> str:
    names = [str(outlet.words.name) for outlet in registry.chosen(draft.outlets)]
    return joined(names + registry.missing(draft.outlets))


def _picture(before: Draft, after: Draft) -> str:
    if before.has_image and after.has_image:
        return _("Immagine cambiata")
    return _("Immagine aggiunta") if after.has_image else _("Immagine tolta")
