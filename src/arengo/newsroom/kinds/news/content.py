# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps news from going out, field by field."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from arengo.newsroom.checking import ALT, TEXT, TITLE, Problem, line_problems, url_problem
from arengo.newsroom.drafts import Draft


def problems(draft: Draft) -> list[Problem]:
    """Everything about the content, in the order of the editor; empty when it may go out."""
    return list(_problems(draft))


def _problems(draft: Draft) -> Iterator[Problem]:
    if not draft.title:
        yield Problem("title", _("Manca il titolo."), missing=True)
    yield from (Problem("title", words) for words in line_problems(draft.title, TITLE))
    if not draft.items:
        yield Problem("text_1", _("Manca la notizia: ne serve almeno una."), missing=True)
    for number, flash in enumerate(draft.slots, start=1):
        if flash.url and not flash.text:
            words = _("Notizia %(number)d: c'è il collegamento, manca il testo.") % {"number": number}
            yield Problem(f"text_{number}", words, missing=True)
        yield from (Problem(f"text_{number}", words) for words in line_problems(flash.text, TEXT))
        if words := url_problem(flash.url):
            yield Problem(f"url_{number}", words)
    if draft.has_image and not draft.image_alt:
        words = _("Manca la descrizione dell'immagine: chi non vede la sente leggere.")
        yield Problem("image_alt", words, missing=True)
    yield from (Problem("image_alt", words) for words in line_problems(draft.image_alt, ALT))
