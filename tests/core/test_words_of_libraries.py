# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever Django and allauth may say to somebody, they say in Italian. What they lack stands in core's Italian catalogue."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from tests.library_words import library_words, shown_files


def test_each_sentence_of_the_libraries_is_italian() -> None:
    missing = set()
    with translation.override("it"):
        for words in library_words(shown_files()):
            # One word may be the same in both languages.
            if " " in words.text.strip() and words.said() == words.said_in_source():
                missing.add(words.text)
    assert missing - _THE_SAME_IN_BOTH == set()


_THE_SAME_IN_BOTH = {
    "%s KB",
    "%s MB",
    "%s GB",
    "%s TB",
    "%s PB",
    "%(value)s googol",
    "content type",  # of Django's permissions, which nobody sees here
    "work factor",  # of a password's hash, likewise
}


def test_the_words_of_the_libraries_were_found() -> None:
    found = {words.text for words in library_words(shown_files())}
    assert "This field is required." in found
    assert len(found) > 150


@pytest.mark.parametrize(("length", "words"), [(1, "1 carattere."), (12, "12 caratteri.")])
def test_a_password_that_is_too_short_is_told_in_italian(length: int, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(length).validate("")
    assert refused.value.messages == [f"Questa password è troppo corta. Deve contenere almeno {words}"]


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 byte"), (1, "1 byte"), (192, "192 byte"), (3000, "2,9 KB")]
)
def test_a_size_is_told_in_italian(size: int, words: str) -> None:
    assert filesizeformat(size).replace("\xa0", " ") == words
