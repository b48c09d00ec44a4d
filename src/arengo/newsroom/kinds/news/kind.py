# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""News as a kind. Its message templates are the newsroom's own, one for each number of flashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender, Urgency
from arengo.delivery.templates.components import Components, components_of
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom import templates
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base.contract import Kind, KindPartials
from arengo.newsroom.kinds.news import KEY
from arengo.newsroom.kinds.news.content import problems
from arengo.newsroom.templates import LANGUAGE
from arengo.platforms.contract import Template


class News(Kind):
    key = KEY
    name = _("Notizia")
    urgency = Urgency.NEWS
    partials = KindPartials(editor="newsroom/news/editor.html")

    def problems(self, draft: Draft) -> Sequence[Problem]:
        return problems(draft)

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
