# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What each column of a file becomes: recognised by its heading, else by what stands in it; a person corrects it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from arengo.audience.imports.files import numbers

_MOST_SAMPLES = 50


class Field(models.TextChoices):
    NONE = "", _("Non importare")
    PHONE = "phone", _("Numero di telefono")
    NAME = "name", _("Nome e cognome")
    LAST_FIRST = "last_first", _("Nome, prima il cognome")
    GIVEN = "given", _("Solo il nome")
    FAMILY = "family", _("Solo il cognome")
    TOPICS = "topics", _("Temi")
    DAY = "day", _("Data della richiesta (giorno/mese/anno)")
    PROOF = "proof", _("Prova della richiesta")
    STATE = "state", _("Stato dell’iscrizione altrove")


# Headings, folded. Chatwoot's export of contacts is id, name, email, phone_number; listmonk's is uuid, email, name,
# attributes, status, created_at, updated_at.
_HEADS: dict[str, Field] = {
    **dict.fromkeys(
        (
            *(
                "telefono",
                "numero",
                "numero di telefono",
                "numero telefono",
                "cellulare",
                "cell",
                "n cell",
                "tel",
                "mobile",
            ),
            *(
                "numero cellulare",
                "recapito",
                "recapito telefonico",
                "telefono cellulare",
                "whatsapp",
                "numero whatsapp",
            ),
            *(
                "phone",
                "phone number",
                "phone number 1",
                "phone 1 value",
                "mobile phone",
                "telefono 1 valore",
                "msisdn",
            ),
        ),
        Field.PHONE,
    ),
    **dict.fromkeys(
        (
            "nome e cognome",
            "name and surname",
            "nome cognome",
            "nominativo",
            "name",
            "full name",
            "contatto",
            "display name",
            "saved name",
        ),
        Field.NAME,
    ),
    **dict.fromkeys(("cognome e nome", "cognome nome"), Field.LAST_FIRST),
    **dict.fromkeys(("nome", "first name", "given name"), Field.GIVEN),
    **dict.fromkeys(("cognome", "last name", "family name", "surname"), Field.FAMILY),
    **dict.fromkeys(
        (
            "temi",
            "tema",
            "interessi",
            "argomenti",
            "categorie",
            "etichette",
            "labels",
            "tags",
            "topics",
            "liste",
        ),
        Field.TOPICS,
    ),
    **dict.fromkeys(
        (
            *(
                "data",
                "data iscr",
                "data iscrizione",
                "data di iscrizione",
                "data del consenso",
                "data della richiesta",
                "data consenso",
            ),
            *("iscritto il", "created at", "subscription date"),
        ),
        Field.DAY,
    ),
    **dict.fromkeys(
        (
            "prova",
            "prova della richiesta",
            "prova del consenso",
            "modulo",
            "protocollo",
            "dove si conserva",
            "riferimento del modulo",
        ),
        Field.PROOF,
    ),
    **dict.fromkeys(("stato", "status"), Field.STATE),
}


def folded(text: str) -> str:
    """Small letters and digits without accents, one space between words: by which headings and topics are compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(kept).split())


def recognise(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Values of ``Field``, one a column; each but NONE at most once. ``rows``: the first of the file."""
    found: list[str] = []
    for head in heads:
        field = _HEADS.get(folded(head), Field.NONE)
        found.append(Field.NONE if field in found else field)
    if Field.GIVEN in found and Field.FAMILY not in found and Field.NAME not in found:
        found[found.index(Field.GIVEN)] = Field.NAME  # «Nome» alone holds the whole name
    if Field.PHONE not in found:
        held = [
            sum(numbers.looks_like_one(row[place]) for row in rows[:_MOST_SAMPLES])
            for place in range(len(heads))
        ]
        most = max(held, default=0)
        if most * 2 > len(rows[:_MOST_SAMPLES]):
            found[held.index(most)] = Field.PHONE
    return [str(field) for field in found]
