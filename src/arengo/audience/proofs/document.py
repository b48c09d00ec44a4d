# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof as a PDF that keeps and that everybody can read."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from arengo.audience.proofs.sheet import Sheet
from arengo.core.documents.pdf import Document

_TEMPLATE = Path(__file__).with_name("proof.typ")


def document(sheet: Sheet, by: str, language: str) -> Document:
    """``by``: who takes it."""
    return Document(
        sheet.title,
        _TEMPLATE,
        {
            "letterhead": list(sheet.letterhead),
            "title": sheet.title,
            "sentence": sheet.sentence,
            "said": _("Che cosa è stato scritto"),
            "quotes": [[quote.note, quote.text.split("\n")] for quote in sheet.quotes],
            "about": _("I fatti"),
            "facts": [[fact.name, fact.words] for fact in sheet.facts],
            "trusted": _("Perché ci si può fidare"),
            "trust": list(sheet.trust),
            "printed": _("Stampata %(when)s da %(name)s") % {"when": sheet.printed, "name": by},
            "annexes": [[annex.title, annex.text.split("\n")] for annex in sheet.annexes],
        },
        language,
    )
