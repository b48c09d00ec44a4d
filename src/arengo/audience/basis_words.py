# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words that follow from the legal basis of the list.

A public body that informs its citizens seldom rests on consent: its task does (art. 6.1.e GDPR, law 150/2000), and who joins
makes a request. Pages then speak of a request, not of a consent. Where consent is the basis, they say so.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from arengo.audience.basis import Basis
from arengo.audience.models import ListSettings


@dataclass(frozen=True)
class BasisWords:
    """What pages say. ``many``: the heading of a person's declarations. ``law``: a line of the proof."""

    many: str | Promise
    proof: str | Promise
    given: str | Promise
    withdrawn: str | Promise
    law: str | Promise


WORDS = {
    Basis.TASK: BasisWords(
        many=_("Richieste di iscrizione e di cancellazione"),
        proof=_("Prova della richiesta"),
        given=_("iscrizione chiesta"),
        withdrawn=_("cancellazione chiesta"),
        law=_(
            "Compito di interesse pubblico, art. 6, par. 1, lett. e GDPR; l’iscrizione è libera e si revoca quando si vuole"
        ),
    ),
    Basis.CONSENT: BasisWords(
        many=_("Consensi"),
        proof=_("Prova del consenso"),
        given=_("consenso dato"),
        withdrawn=_("consenso revocato"),
        law=_("Consenso, art. 6, par. 1, lett. a GDPR; libero, si revoca quando si vuole"),
    ),
}


def current() -> Basis:
    """Of the scope's organization."""
    basis = ListSettings.objects.values_list("legal_basis", flat=True).first()
    return Basis(basis) if basis else Basis.TASK


def words() -> BasisWords:
    return WORDS[current()]
