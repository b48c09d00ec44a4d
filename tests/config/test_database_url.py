# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""DATABASE_URL as libpq reads it, given to Django."""

from __future__ import annotations

import pytest

from arengo.config import kinds, settings

_NOTHING = {"NAME": "arengo", "USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("postgresql:///arengo", {}),
        ("postgresql://", {}),
        ("postgres://db.example.it/comune", {"HOST": "db.example.it", "NAME": "comune"}),
        (
            "postgresql://ada:p%40ss%2F%23@db.example.it:5433/comune",
            {"HOST": "db.example.it", "PORT": "5433", "USER": "ada", "PASSWORD": "p@ss/#", "NAME": "comune"},
        ),
        ("postgresql://[2001:db8::1]:5433/x", {"HOST": "2001:db8::1", "PORT": "5433", "NAME": "x"}),
        (
            "postgresql://arengo@/arengo?host=%2Frun%2Fpostgresql&port=5433",
            {"USER": "arengo", "HOST": "/run/postgresql", "PORT": "5433"},
        ),
        ("postgresql:///?dbname=x&user=ada&password=a%26b", {"NAME": "x", "USER": "ada", "PASSWORD": "a&b"}),
        ("postgresql://one:1,two:2/x", {"HOST": "one,two", "PORT": "1,2", "NAME": "x"}),
    ],
)
def test_each_part_of_the_address_reaches_django(url: str, read: dict[str, str]) -> None:
    assert kinds.Database().fits(url, production=True)
    made = settings._database(url)
    assert {name: made[name] for name in _NOTHING} == _NOTHING | read


def test_what_django_has_no_name_for_is_an_option() -> None:
    options = settings._database("postgresql://db/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca%20x.pem")[
        "OPTIONS"
    ]
    assert isinstance(options, dict)
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/etc/ca x.pem")
    assert "idle_in_transaction_session_timeout" in options["options"]
