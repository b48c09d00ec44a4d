# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which addresses are WhatsApp's, and of the organization's own channel."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings, strategies as st

from arengo.newsroom.outlets.byhand.addresses import channel_address, post_address
from tests.factories.channel import CHANNEL, POST


@pytest.mark.parametrize(
    "typed",
    [
        POST,
        "whatsapp.com/channel/0029Esempio/118",
        " http://www.whatsapp.com/channel/0029Esempio/118/ ",
        "https://whatsapp.com/channel/0029Esempio/118?text=x",
        "HTTPS://WhatsApp.com/channel/0029Esempio/118",
    ],
)
def test_a_post_is_kept_in_one_writing(typed: str) -> None:
    assert post_address(typed, CHANNEL) == POST


def test_none_is_no_address() -> None:
    assert (post_address(" ", CHANNEL), channel_address("")) == ("", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("https://example.it/channel/0029Esempio/118", "Non è l'indirizzo di un post"),
        ("https://whatsapp.com.example.it/channel/0029Esempio/118", "Non è l'indirizzo di un post"),
        ("https://whatsapp.com@example.it/channel/0029Esempio/118", "Non è l'indirizzo di un post"),
        ("https://whatsapp.com:444/channel/0029Esempio/118", "Non è l'indirizzo di un post"),
        ("javascript://whatsapp.com/channel/0029Esempio/118", "Non è l'indirizzo di un post"),
        (CHANNEL, "Non è l'indirizzo di un post"),
        ("https://whatsapp.com/channel/0029AltroComune/118", "di un altro canale"),
        ("https://[::1", "Non è l'indirizzo di un post"),
    ],
)
def test_another_address_is_asked_about(typed: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        post_address(typed, CHANNEL)


@pytest.mark.parametrize("typed", [CHANNEL, "whatsapp.com/channel/0029Esempio", f"{CHANNEL}/"])
def test_a_channel_is_kept_in_one_writing(typed: str) -> None:
    assert channel_address(typed) == CHANNEL


@pytest.mark.parametrize("typed", [POST, "https://wa.me/390550000001", "https://example.it/", "ciao"])
def test_what_is_no_channel_is_asked_about(typed: str) -> None:
    with pytest.raises(ValidationError, match="invito di un canale"):
        channel_address(typed)


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_no_text_makes_it_fall_over(text: str) -> None:
    for typed in (text, f"https://whatsapp.com{text}", f"https://{text}"):
        with suppress(ValidationError):
            found = post_address(typed, CHANNEL)
            assert found == "" or found.startswith(f"{CHANNEL}/")
