# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the platform said of a number that is silent, in words: the same on the page and on the command line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from arengo.intake.models import Silence


def said(silence: Silence) -> str:
    """What the platform answered when it was asked about the silence."""
    words = {
        Silence.Answer.UNREACHABLE: _(
            "WhatsApp, interrogato, non risponde: può essere un suo guasto, o la rete."
        ),
        Silence.Answer.REFUSED: _(
            "WhatsApp, interrogato, non riconosce il mittente (codice %(code)d): controllare token e numero in "
            "Impostazioni → Mittenti."
        )
        % {"code": silence.code},
        Silence.Answer.NOBODY: _(
            "WhatsApp dice che non consegna a nessuno: Impostazioni → Mittenti → «Collega il webhook»."
        ),
        Silence.Answer.ELSEWHERE: _(
            "WhatsApp dice che consegna a un altro indirizzo: Impostazioni → Mittenti → «Collega il webhook»."
        ),
        Silence.Answer.HERE: _(
            "WhatsApp dice che consegna qui: provare a scrivere al numero, e controllare proxy e indirizzo pubblico "
            "con «arengo doctor»."
        ),
        Silence.Answer.UNKNOWN: _(
            "WhatsApp riconosce il mittente e non dice a chi consegna: provare a scrivere al numero."
        ),
    }
    return words.get(Silence.Answer(silence.answer), "") if silence.answer else ""
