# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message that asks somebody on the list whether they still want to be there.

Its category is UTILITY. Meta files what manages a subscription ("opt-in management") under it, as long as the message is
about this person's own subscription and praises nothing: so it names the day since when they are on the list, and says
nothing of what they would miss. Should Meta see it otherwise, the page of the templates says so and shows the other price.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from arengo.audience import choices
from arengo.audience.commands import JOIN, LEAVE
from arengo.core.models import Organization
from arengo.delivery.templates import presets
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name

_CHOICE = {command: choices.id_of(command) for command in (JOIN, LEAVE)}
SINCE = "dal"


def _words(organization: Organization) -> Words:
    return Words(
        body=(
            f"{organization_name(organization)} ti scrive per la tua iscrizione alle notizie su WhatsApp, attiva dal "
            f"{{{{{SINCE}}}}}.\n\nVuoi continuare a riceverle? Con «Sì» resti nella lista, con «No» ti cancelliamo subito. "
            "Puoi cambiare idea in ogni momento."
        ),
        replies=("Sì, continuo", "No, cancellami"),
    )


ASK_AGAIN = Preset(
    key="ask_again",
    name="arengo_conferma_iscrizione",
    purpose=Purpose(
        "ask_again",
        _("Chiedere di nuovo se restare"),
        _("A chi è iscritto da tempo: vuole ancora ricevere le notizie? Risponde con un pulsante, sì o no."),
        place=30,
    ),
    category=Category.UTILITY,
    words=_words,
    examples={SINCE: "12 marzo 2025"},
    choices=(_CHOICE[JOIN], _CHOICE[LEAVE]),
)


def register() -> None:
    presets.register(ASK_AGAIN)
