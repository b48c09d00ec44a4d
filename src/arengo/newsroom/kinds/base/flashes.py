# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kinds that are a title and some flashes. Their message templates are the newsroom's own, one for each number of flashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates.components import Components, components_of
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom import templates
from arengo.newsroom.checking import ALT, TEXT, TITLE, Problem, line_problems, url_problem
from arengo.newsroom.drafts import Draft, Flash
from arengo.newsroom.kinds.base.contract import Kind
from arengo.newsroom.templates import LANGUAGE
from arengo.platforms.contract import Template


class Flashes(Kind):
    """``most``: characters of one flash."""

    most = TEXT

    def problems(self, draft: Draft) -> list[Problem]:
        """Everything about the content, in the order of the editor; empty when it may go out."""
        return list(self._problems(draft))

    def _problems(self, draft: Draft) -> Iterator[Problem]:
        if not draft.title:
            yield Problem("title", _("Manca il titolo."), missing=True)
        yield from (Problem("title", words) for words in line_problems(draft.title, TITLE))
        if not draft.items:
            yield Problem("text_1", _("Manca la notizia: ne serve almeno una."), missing=True)
        for number, flash in enumerate(draft.slots, start=1):
            yield from self._flash_problems(flash, number)
        if draft.has_image and not draft.image_alt:
            words = _("Manca la descrizione dell'immagine: chi non vede la sente leggere.")
            yield Problem("image_alt", words, missing=True)
        yield from (Problem("image_alt", words) for words in line_problems(draft.image_alt, ALT))

    def _flash_problems(self, flash: Flash, number: int) -> Iterator[Problem]:
        if flash.url and not flash.text:
            words = _("Notizia %(number)d: c'è il collegamento, manca il testo.") % {"number": number}
            yield Problem(f"text_{number}", words, missing=True)
        yield from (Problem(f"text_{number}", words) for words in line_problems(flash.text, self.most))
        if words := url_problem(flash.url):
            yield Problem(f"url_{number}", words)

    def as_lines(self, draft: Draft) -> Draft:
        return replace(draft, slots=tuple(Flash(flash.words, flash.url) for flash in draft.slots))

    def fitting(self, draft: Draft, sender: Sender) -> MessageTemplate | Unfit:
        return templates.fitting(draft, sender)

    def components(self, draft: Draft, organization: Organization, sender: Sender | None) -> Components:
        built_in = templates.built_in_for(draft)
        found = (
            MessageTemplate.objects.filter(sender=sender, name=built_in.name, language=LANGUAGE).first()
            if sender
            else None
        )
        components: Components = found.components if found else components_of(built_in, organization)
        return components

    def values(self, draft: Draft) -> Mapping[str, str]:
        return templates.values_of(draft)

    def message(self, draft: Draft, template: MessageTemplate, *, media_id: str = "") -> Template:
        return templates.message_of(draft, template, media_id=media_id)

    def plain(self, draft: Draft, *, blank: str = "") -> str:
        """Title, and one line a flash."""
        lines = [flash.line for flash in draft.items] or [blank]
        return "\n\n".join((f"*{draft.title or blank}*", *(f"• {line}" for line in lines)))
