# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message templates that polls travel in: one for each number of answers.

A button's label is fixed when the platform approves it, so it is a number, and the answers stand in the text beside theirs. What
comes back names the poll: messages lie on phones for years. Each has at most ten buttons (Meta): with ten answers the footer
alone says how to leave.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import msgspec
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _, ngettext

from arengo.core.links import organization_url
from arengo.core.models import Organization
from arengo.delivery.models import MessageTemplate
from arengo.delivery.templates import filling
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name
from arengo.newsroom.drafts import Draft
from arengo.newsroom.kinds.poll.content import LEAST, MOST, asked
from arengo.newsroom.templates import LANGUAGE, LEAVE_CHOICE, choice_of as leaving_or_label, leave_word
from arengo.newsroom.votes.answers import choice_of
from arengo.newsroom.votes.words import until
from arengo.platforms.contract import Template
from arengo.platforms.registry import common_limits

_QUESTION, _UNTIL, _LINK = "domanda", "fine", "indirizzo"
_LABEL = re.compile(r"Voto (\d{1,2})")
_NO_POLL = 0  # in the buttons of a preset: each message names its own
_BUTTONS = 10

_PURPOSE = Purpose(
    "poll",
    _("Sondaggi"),
    _("I sondaggi della Redazione: un modello per ogni numero di risposte."),
    place=12,
)
NOT_SCIENTIFIC = "Non è un sondaggio scientifico: vota chi vuole."


def _answer(number: int) -> str:
    return f"risposta_{number}"


def _words(answers: int, organization: Organization) -> Words:
    lines = "".join(f"{number}. {{{{{_answer(number)}}}}}\n" for number in range(1, answers + 1))
    word = leave_word()
    votes = tuple(f"Voto {number}" for number in range(1, answers + 1))
    return Words(
        body=(
            f"{organization_name(organization)} chiede la tua opinione\n\n*{{{{{_QUESTION}}}}}*\n\n{lines}\n"
            f"Premi il numero della tua risposta: si vota fino a {{{{{_UNTIL}}}}}, e fino ad allora si può cambiare. "
            f"Al Comune nessuno può sapere chi ha votato che cosa.\n\nCome funziona e il risultato: {{{{{_LINK}}}}}\n\n_{NOT_SCIENTIFIC}_"
        ),
        footer=common_limits().template_footer.cut(f"Per non ricevere più messaggi scrivi {word}"),
        replies=votes if answers == _BUTTONS else (*votes, word.capitalize()),
    )


def _choice_of(label: str) -> str:
    found = _LABEL.fullmatch(label)
    return choice_of(_NO_POLL, int(found[1])) if found else leaving_or_label(label)


def _shape_in_words(answers: int) -> str:
    return ngettext("%(n)d risposta", "%(n)d risposte", answers) % {"n": answers}


_shape = lazy(_shape_in_words, str)


def _preset(answers: int) -> Preset:
    examples = {_QUESTION: "Come si chiamerà il parco di via dei Prati?"}
    examples |= {
        _answer(number): f"Parco delle Rondini, proposta {number}" for number in range(1, answers + 1)
    }
    examples |= {
        _UNTIL: "venerdì 27 novembre alle 18:00",
        _LINK: "https://avvisi.comune.example.it/sondaggi/12/",
    }
    votes = tuple(choice_of(_NO_POLL, number) for number in range(1, answers + 1))
    return Preset(
        key=f"poll_{answers}",
        name=f"arengo_sondaggio_{answers}",
        purpose=_PURPOSE,
        category=Category.MARKETING,
        words=partial(_words, answers),
        examples=examples,
        choices=votes if answers == _BUTTONS else (*votes, LEAVE_CHOICE),
        choice_of=_choice_of,
        variant=_shape(answers),
        language=LANGUAGE,
    )


PRESETS = {answers: _preset(answers) for answers in range(LEAST, MOST + 1)}


def preset_for(draft: Draft) -> Preset:
    return PRESETS[min(MOST, max(LEAST, len(asked(draft).options)))]


def values_of(draft: Draft, organization: Organization) -> Mapping[str, str]:
    said = asked(draft)
    with translation.override(LANGUAGE):
        moment = until(said.closes_at) if said.closes_at else ""
    path = f"/sondaggi/{draft.update_id}/" if draft.update_id else "/sondaggi/…/"
    return {
        _QUESTION: said.question,
        **{_answer(number): text for number, text in enumerate(said.options, start=1)},
        _UNTIL: moment,
        _LINK: organization_url(organization, path),
    }


def message_of(draft: Draft, template: MessageTemplate) -> Template:
    """What is sent to everyone. ValueError for a draft that was never stored: its buttons would name no poll."""
    if draft.update_id is None:
        raise ValueError("a poll is sent from a stored draft")
    values = values_of(draft, template.organization)
    message = filling.message(preset_for(draft), template, values)
    ours = {choice_of(_NO_POLL, number): number for number in range(1, MOST + 1)}
    return msgspec.structs.replace(
        message,
        buttons=[
            msgspec.structs.replace(button, value=choice_of(draft.update_id, ours[button.value]))
            if button.value in ours
            else button
            for button in message.buttons
        ],
    )
