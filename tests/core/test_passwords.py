# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from arengo.core.models import Organization, Person


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "123456789012",
        "qwertyuiopas",
        "qwertyuiop12",
        "asdfghjklzxc",
        "1qaz2wsx3edc",
        "abcabcabcabc",
        "abcdefghijkl",
        "passwordpassword",
        "Password12345",
        "P4ssw0rd!P4ssw0rd!",
        "esempioesempio",
        "ComunediEsempio",
        "Comune di Esempio",
        "comune-di-esempio-1",
        "èsempioESEMPIO!",
        "OlgaOlgaOlga",
        "olga esempio",
        "olga.esempio.2026",
        "Esempio2026!!!",
        "20261129112026",
        "arengoarengo1",
        "altrovealtrove",
    ],
)
def test_what_somebody_would_guess_is_refused(olga: Person, altrove: Organization, password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, olga)
    assert password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "cinque anatre gialle in fila",
        "mK8#vPq2!xLz",
        "treno-lampada-formica-9",
        "Olga adora le albicocche mature",
        "😀 lampada trenino viola",
    ],
)
def test_what_nobody_would_guess_is_taken(olga: Person, password: str) -> None:
    validate_password(password, olga)


def test_a_password_has_an_end(olga: Person) -> None:
    with pytest.raises(ValidationError):
        validate_password("x7#Kp" * 201, olga)
    with pytest.raises(ValidationError):
        validate_password("a" * 1_000_000, olga)


def test_it_is_said_where_it_can_be_mended(olga: Person, browse: Callable[..., Client]) -> None:
    page = browse(olga).post(
        "/console/accesso/password/change/",
        {"oldpassword": "una password lunga", "password1": "123456789012", "password2": "123456789012"},
    )
    assert "si indovina facilmente" in page.content.decode()
