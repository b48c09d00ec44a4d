# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll as a kind: its fields, what carries it, and what becomes of it when it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy as _

from arengo.core.lengths import Limit
from arengo.core.models import Organization
from arengo.core.scope import current_organization_id
from arengo.delivery.models import MessageTemplate, Sender, Urgency
from arengo.delivery.templates import fitting
from arengo.delivery.templates.components import Components, components_of
from arengo.delivery.templates.fitting import Unfit
from arengo.newsroom.checking import Problem
from arengo.newsroom.drafts import Draft, Flash, draft_of
from arengo.newsroom.kinds.base.contract import Kind, KindPartials
from arengo.newsroom.kinds.poll import KEY, template
from arengo.newsroom.kinds.poll.content import MOST, OPTION, QUESTION, asked, options_of, problems
from arengo.newsroom.models import Update
from arengo.newsroom.passages import Passage
from arengo.newsroom.templates import LANGUAGE
from arengo.newsroom.votes.opening import Question, open_poll, take_back
from arengo.newsroom.votes.results import Report, report_of
from arengo.newsroom.votes.words import until
from arengo.platforms.contract import Template

_MOST_TYPED = 20_000  # as the editor's other fields: more is no writing


class PollKind(Kind):
    key = KEY
    name = _("Sondaggio")
    about = _("Una domanda e da due a dieci risposte: si vota in chat.")
    urgency = Urgency.NEWS
    partials = KindPartials(
        editor="newsroom/poll/editor.html",
        back="newsroom_votes/back.html",
        action="newsroom_votes/action.html",
    )
    needs_template = True
    urls = "arengo.newsroom.votes.urls"
    question_limit, option_limit = Limit(QUESTION), Limit(OPTION)  # for its partial

    def problems(self, draft: Draft) -> Sequence[Problem]:
        return problems(draft)

    def fields(self) -> Mapping[str, forms.Field]:
        options = {
            f"option_{number}": forms.CharField(
                label=_("Risposta %(number)d") % {"number": number}, required=False, max_length=_MOST_TYPED
            )
            for number in range(1, MOST + 1)
        }
        return {
            "title": forms.CharField(label=_("Domanda"), required=False, max_length=_MOST_TYPED),
            **options,
            "closing_day": forms.CharField(
                label=_("Si vota fino a"),
                required=False,
                max_length=_MOST_TYPED,
                widget=forms.DateInput(attrs={"type": "date"}),
            ),
            "closing_time": forms.CharField(
                label=_("Ora di Roma"),
                required=False,
                max_length=_MOST_TYPED,
                widget=forms.TimeInput(attrs={"type": "time"}),
            ),
            "so_far": forms.BooleanField(
                label=_("Mentre si vota, la pagina del sondaggio mostra i voti fin qui"),
                required=False,
                help_text=_("Senza, il risultato si vede solo alla chiusura."),
            ),
            "url_1": forms.CharField(
                label=_("Pagina che spiega"),
                required=False,
                max_length=_MOST_TYPED,
                widget=forms.TextInput(
                    attrs={"inputmode": "url", "placeholder": "https://", "spellcheck": "false"}
                ),
            ),
        }

    def content(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """Answers without gaps: the number of the place is the number of the vote."""
        answers = [typed.get(f"option_{number}", "") for number in range(1, MOST + 1)]
        return {
            "options": [text for text in answers if text],
            "day": typed.get("closing_day", ""),
            "time": typed.get("closing_time", ""),
            "so_far": bool(typed.get("so_far")),
        }

    def typed(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **{f"option_{number}": text for number, text in enumerate(options_of(content), start=1)},
            "closing_day": content.get("day", ""),
            "closing_time": content.get("time", ""),
            **({"so_far": "on"} if content.get("so_far") else {}),
        }

    def fitting(self, draft: Draft, sender: Sender) -> MessageTemplate | Unfit:
        return fitting.fitting(template.preset_for(draft), sender)

    def components(self, draft: Draft, organization: Organization, sender: Sender | None) -> Components:
        preset = template.preset_for(draft)
        found = fitting.found(preset, sender) if sender else None
        components: Components = found.components if found else components_of(preset, organization)
        return components

    def values(self, draft: Draft) -> Mapping[str, str]:
        return template.values_of(draft, Organization.objects.get(pk=current_organization_id() or 0))

    def message(self, draft: Draft, template_: MessageTemplate, *, media_id: str = "") -> Template:
        return template.message_of(draft, template_)

    def plain(self, draft: Draft, *, blank: str = "") -> str:
        told = self.as_lines(draft)
        return "\n\n".join((f"*{told.title or blank}*", *(flash.line for flash in told.items)))

    def as_lines(self, draft: Draft) -> Draft:
        """The answers as lines, and where one votes: there is no vote where nobody is written to."""
        said = asked(draft)
        with translation.override(LANGUAGE):
            lines = [Flash(f"{number}. {text}") for number, text in enumerate(said.options, start=1)]
            if said.closes_at:
                words = gettext("Si vota fino a %(until)s dal messaggio arrivato a chi è iscritto.")
                lines.append(Flash(f"{words % {'until': until(said.closes_at)}} {template.NOT_SCIENTIFIC}"))
            if said.page_url:
                lines.append(Flash(gettext("La pagina che spiega"), said.page_url))
        return replace(draft, slots=tuple(lines))

    def passages(self, draft: Draft) -> Sequence[Passage]:
        answers = options_of(draft.content)
        answers = [*answers, *[""] * (MOST - len(answers))]
        closing = " ".join(str(draft.content.get(name, "")) for name in ("day", "time")).strip()
        return [
            *(
                Passage(f"option_{number}", gettext("Risposta %(number)d") % {"number": number}, text)
                for number, text in enumerate(answers, start=1)
            ),
            Passage("closing", gettext("Si vota fino a"), closing),
        ]

    def leaving(self, update: Update) -> None:
        said = asked(draft_of(update))
        if said.closes_at is None:
            raise ValueError("a poll leaves with a moment at which it closes")
        open_poll(
            update,
            Question(
                said.question, said.options, said.closes_at, said.page_url, said.shows_so_far, said.outlets
            ),
        )

    def came_back(self, update: Update) -> None:
        take_back(update)

    def heard(self, update: Update) -> Report | None:
        return report_of(update)
