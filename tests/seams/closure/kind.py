# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate, Sender, Urgency
from arengo.delivery.templates.components import Components
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.base.contract import Kind, KindPartials
from arengo.newsroom.models import Update
from arengo.platforms.contract import Parameter, Template

TEMPLATE = "chiusura_strada"
BODY = "*Strada chiusa*: {{strada}}"


class Closure(Kind):
    key = "closure"
    name = "Strada chiusa"
    about = "Quale strada, e fino a quando."
    urgency = Urgency.ALERT
    partials = KindPartials(editor="seams/closure/editor.html", back="seams/closure/back.html")

    def problems(self, draft: Draft) -> Sequence[Problem]:
        return [] if draft.title else [Problem("title", "Quale strada?", missing=True)]

    def fitting(self, draft: Draft, sender: Sender) -> MessageTemplate | Unfit:
        found = MessageTemplate.objects.filter(sender=sender, name=TEMPLATE).first()
        return found or Unfit("Manca il modello delle strade chiuse.")

    def components(self, draft: Draft, organization: Organization, sender: Sender | None) -> Components:
        return [{"type": "BODY", "text": BODY}]

    def values(self, draft: Draft) -> Mapping[str, str]:
        return {"strada": draft.title}

    def message(self, draft: Draft, template: MessageTemplate, *, media_id: str = "") -> Template:
        return Template(template.name, template.language, body=[Parameter(draft.title, name="strada")])

    def plain(self, draft: Draft, *, blank: str = "") -> str:
        return BODY.replace("{{strada}}", draft.title or blank)

    def heard(self, update: Update) -> list[str]:
        return [f"{update.title}: due persone chiedono fino a quando"]
