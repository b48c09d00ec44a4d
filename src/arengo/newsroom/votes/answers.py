# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said to who votes: one of the closed list of automatic messages for each. None names an answer: deliveries are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext, gettext_lazy as _

from arengo.audience import choices
from arengo.core import automatic
from arengo.core.automatic import Kind, some_a_day
from arengo.core.links import organization_url
from arengo.core.models import Organization
from arengo.newsroom.votes import PREFIX
from arengo.newsroom.votes.models import Poll, PollWords
from arengo.newsroom.votes.words import until
from arengo.platforms.contract import Buttons, Choice, Listing, Pressing, Section, Text
from arengo.platforms.registry import platform

TAKEN, LATE, ANSWERS = "newsroom.vote_taken", "newsroom.vote_late", "newsroom.vote_answers"
ALL = (TAKEN, LATE, ANSWERS)
PLACEHOLDERS = ("domanda", "fine", "pagina", "ente")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_WORDED_AT = "settings:polls"


def register() -> None:
    automatic.register(
        Kind(
            TAKEN,
            _("Voto arrivato"),
            _("A chi vota in un sondaggio. Non dice che cosa ha votato."),
            _WORDED_AT,
            some_a_day(TAKEN, times=3, a_day=10, minutes=10),
        )
    )
    automatic.register(
        Kind(
            LATE,
            _("Voto arrivato tardi"),
            _("A chi vota in un sondaggio già chiuso: il suo voto non conta."),
            _WORDED_AT,
            some_a_day(LATE, times=1, a_day=3, minutes=10),
        )
    )
    automatic.register(
        Kind(
            ANSWERS,
            _("Le risposte di un sondaggio"),
            _("A chi preme «Cambia voto»: le risposte, da premere."),
            _WORDED_AT,
            some_a_day(ANSWERS, times=3, a_day=10, minutes=10),
        )
    )


def proposed(organization: Organization) -> dict[str, str]:
    """The words that Arengo proposes, in the organization's language."""
    with translation.override(organization.language):
        return {
            "taken": gettext(
                "Il tuo voto è arrivato, grazie. Puoi cambiarlo fino a {fine}: conta l’ultimo. "
                "Al Comune nessuno può sapere che cosa hai votato."
            ),
            "late": gettext("La votazione è chiusa: questo voto non conta. Il risultato: {pagina}"),
        }


def words_of(organization: Organization) -> dict[str, str]:
    found = PollWords.objects.filter(organization=organization).first()
    return {"taken": found.taken, "late": found.late} if found is not None else proposed(organization)


def unknown_placeholders(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)) - set(PLACEHOLDERS))


@dataclass(frozen=True)
class Wording:
    """The organization's words, of one batch of presses on one platform."""

    organization: Organization
    words: dict[str, str]
    pressing: Pressing | None

    @classmethod
    def of(cls, organization: Organization, platform_name: str) -> Wording:
        return cls(organization, words_of(organization), platform(platform_name).can.pressing)

    def taken(self, poll: Poll) -> Text | Buttons:
        text = self._filled("taken", poll)
        with translation.override(self.organization.language):
            change = gettext("Cambia voto")
        if self.pressing is None or self.pressing.body.over(text) or self.pressing.button.over(change):
            return Text(text)
        return Buttons(text, [Choice(choice_of(poll.update_id), change)])

    def late(self, poll: Poll) -> Text:
        return Text(self._filled("late", poll))

    def answers(self, poll: Poll) -> Buttons | Listing | None:
        """Buttons where the answers fit, else a list; None where nothing can be pressed. The words are whole in the body."""
        if self.pressing is None:
            return None
        with translation.override(self.organization.language):
            press, title = gettext("Scegli"), gettext("Risposte")
        lines = "\n".join(f"{number}. {option}" for number, option in enumerate(poll.options, start=1))
        body = self.pressing.body.cut(f"*{poll.question}*\n\n{lines}")
        if len(poll.options) <= self.pressing.buttons and not any(
            map(self.pressing.button.over, poll.options)
        ):
            return Buttons(body, self._pressed(poll, poll.options))
        return Listing(body, press, [Section(title, self._rows(poll))])

    def _rows(self, poll: Poll) -> list[Choice]:
        pressing = self.pressing
        assert pressing is not None  # noqa: S101  # asked by ``answers``
        return [
            Choice(
                each.id,
                pressing.row.cut(each.title),
                pressing.description.cut(each.title) if pressing.row.over(each.title) else "",
            )
            for each in self._pressed(poll, poll.options)
        ]

    def _pressed(self, poll: Poll, titles: Sequence[str]) -> list[Choice]:
        return [
            Choice(choice_of(poll.update_id, number), title) for number, title in enumerate(titles, start=1)
        ]

    def _filled(self, name: str, poll: Poll) -> str:
        with translation.override(self.organization.language):
            values = {
                "domanda": poll.question,
                "fine": until(poll.closes_at),
                "pagina": organization_url(self.organization, poll.get_absolute_url()),
                "ente": self.organization.name,
            }
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), self.words[name])


def choice_of(update_id: int, number: int = 0) -> str:
    """The id of a button: of an answer, or of the question which there are."""
    return choices.id_of(PREFIX, f"{update_id}:{number}" if number else str(update_id))
