# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Passwords that somebody would guess are refused: repeated and common ones, keyboard walks, the names of here."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 1_000  # characters; nobody types more, and hashing takes time
_LEAST_SCORE = 3  # of 4; zxcvbn: 10^8 guesses or more, safe where attempts are limited
_ESTIMATED = 72  # characters that are looked at; zxcvbn's time grows with the square
_LEAST_BESIDE_NAMES = 6  # characters
_MOST_ORGANIZATIONS = 200


class GuessableValidator:
    """zxcvbn's estimate, with the names of the person and of the installation's organizations as its first guesses."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError says what to do instead; it never quotes the password."""
        from zxcvbn import (
            zxcvbn,  # its tables take a tenth of a second to load: only who chooses a password needs them
        )

        if len(password) > LONGEST:
            raise ValidationError(
                _("Al massimo %(most)d caratteri."), code="password_too_long", params={"most": LONGEST}
            )
        names = _names(user)
        bare = _plain(password)
        for name in sorted(names, key=len, reverse=True):
            bare = bare.replace(name, "")
        mostly_names = bare != _plain(password) and len(bare) < _LEAST_BESIDE_NAMES
        estimate = zxcvbn(password[:_ESTIMATED], user_inputs=sorted(names), max_length=_ESTIMATED)
        if mostly_names or estimate["score"] < _LEAST_SCORE:
            raise ValidationError(
                _(
                    "Questa password si indovina facilmente. Meglio alcune parole che non stanno insieme: niente nomi "
                    "di persone o del Comune, ripetizioni, date, tasti vicini."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _(
            "Non può essere facile da indovinare: ripetizioni, tasti vicini, il tuo nome o quello del Comune."
        )


def _plain(text: str) -> str:
    """Lower case letters and digits, without accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if letter.isalnum())


def _names(user: Any) -> set[str]:
    from arengo.core.models import Organization

    texts = [str(getattr(user, "name", "") or ""), str(getattr(user, "email", "") or "")]
    for row in Organization.objects.values_list("name", "slug")[:_MOST_ORGANIZATIONS]:
        texts.extend(row)
    words = {_plain(word) for text in texts for word in re.split(r"[\W_]+", text)}
    return {word for word in words if len(word) >= 3} | {"arengo", "comune"}
