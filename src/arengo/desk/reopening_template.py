# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The approved message with which a conversation goes on whose reply window has shut.

Its category is UTILITY: it follows a question of this person ("continue a conversation" in Meta's guidelines), names its day
and promotes nothing.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from arengo.core.models import Organization
from arengo.delivery.templates import presets
from arengo.delivery.templates.presets import Category, Preset, Purpose, Words, organization_name
from arengo.desk.models import Conversation

_DAY = "giorno"
_SAYS_YEAR = timedelta(days=300)  # an older day is named with its year


def _words(organization: Organization) -> Words:
    return Words(
        body=(
            f"Buongiorno, qui {organization_name(organization)}.\n\nAbbiamo letto il tuo messaggio di {{{{{_DAY}}}}} e "
            "vorremmo risponderti. Per continuare la conversazione premi il pulsante, o scrivi qui."
        ),
        replies=("Sì, scrivetemi",),
    )


REOPEN = Preset(
    key="reopen_desk",
    name="arengo_riprendi_conversazione",
    purpose=Purpose(
        "reopen_desk",
        _("Riaprire una conversazione"),
        _("Dallo Sportello, quando sono passate 24 ore dall’ultimo messaggio del cittadino."),
        place=20,
    ),
    category=Category.UTILITY,
    words=_words,
    examples={_DAY: "venerdì 27 novembre"},
    choices=("arengo:write",),  # it is no command: the press arrives as words to be answered
)


def values(conversation: Conversation, organization: Organization) -> dict[str, str]:
    """The day of their last message, as the language of the template writes it."""
    wrote_at = conversation.citizen_wrote_at or conversation.opened_at
    day = wrote_at.astimezone(organization.zone)
    form = "l j F Y" if timezone.now() - wrote_at > _SAYS_YEAR else "l j F"
    with translation.override(REOPEN.language):
        return {_DAY: date_format(day, form).lower()}


def register() -> None:
    presets.register(REOPEN)
