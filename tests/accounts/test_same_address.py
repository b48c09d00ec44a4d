# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several accounts may carry one address: what a stranger's account of another town must not change for the owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from arengo.core.ceilings import SIGN_IN_TO_ACCOUNT
from arengo.core.models import Organization, Person, Role
from tests.accounts.signing_in import ENTRANCE, sign_in
from tests.factories.core import HOST, PASSWORD, STRANGER_HOST, join, member

STRANGERS = "la parola del vicino"


def claim(email: str, organization: Organization) -> Person:
    """An account that a town made for the address, by a link on screen: nobody proved it."""
    person = Person(email=email, name="Qualcuno")
    person.set_password(STRANGERS)
    person.save()
    join(organization, person, Role.OPERATOR)
    return person


def lock(email: str) -> None:
    for number in range(SIGN_IN_TO_ACCOUNT.times + 2):
        Client(headers={"host": HOST}).post(
            f"{ENTRANCE}login/",
            {"login": email, "password": "sbagliata"},
            REMOTE_ADDR=f"203.0.113.{number + 1}",
        )


def again(client: Client, email: str, password: str) -> int:
    """The status of signing in once more, in a browser that somebody used before."""
    client.post(f"{ENTRANCE}logout/")
    return client.post(f"{ENTRANCE}login/", {"login": email, "password": password}).status_code


@pytest.mark.parametrize("where", ["another town", "the same town"])
def test_a_claim_to_the_address_does_not_undo_the_owners_known_device(
    esempio: Organization, altrove: Organization, where: str
) -> None:
    claim("olga@esempio.test", altrove if where == "another town" else esempio)
    member(esempio, "olga@esempio.test", "Olga Esempio", Role.OPERATOR)
    hers = sign_in("olga@esempio.test")
    lock("olga@esempio.test")
    assert again(hers, "olga@esempio.test", PASSWORD) == 302


@pytest.mark.parametrize("where", ["another town", "the same town"])
def test_a_claimants_known_device_does_not_guess_the_owners_password(
    olga: Person, esempio: Organization, altrove: Organization, where: str
) -> None:
    place, host = (altrove, STRANGER_HOST) if where == "another town" else (esempio, HOST)
    claim(olga.email, place)
    theirs = sign_in(olga.email, STRANGERS, host)
    theirs.post(f"{ENTRANCE}logout/")
    lock(olga.email)
    theirs.defaults["HTTP_HOST"] = HOST
    assert again(theirs, olga.email, PASSWORD) != 302
    if place == esempio:
        assert again(theirs, olga.email, STRANGERS) == 302  # their own account is still theirs


def test_who_has_two_accounts_of_one_address_enters_both_in_one_browser(
    olga: Person, esempio: Organization
) -> None:
    claim(olga.email, esempio)
    browser = sign_in(olga.email)
    assert again(browser, olga.email, STRANGERS) == 302
    assert again(browser, olga.email, PASSWORD) == 302


def passwords_looked_at(monkeypatch: pytest.MonkeyPatch, email: str) -> int:
    """How often a wrong password is hashed: most of the time that the answer takes."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    counted: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        counted.append(salt)
        return str(encode(self, password, salt))

    with monkeypatch.context() as patch:
        patch.setattr(MD5PasswordHasher, "encode", counting)
        sign_in(email, "una parola sbagliata")
    return len(counted)


def test_how_long_a_wrong_password_takes_does_not_tell_where_the_address_has_an_account(
    olga: Person, edo: Person, carlo: Person, esempio: Organization, altrove: Organization, monkeypatch: Any
) -> None:
    claim("qui@esempio.test", esempio)
    claim("la@esempio.test", altrove)
    claim(carlo.email, esempio)  # without proof here, with proof there
    Person.objects.filter(pk=edo.pk).update(is_active=False)
    addresses = [
        "nessuno@esempio.test",
        olga.email,
        edo.email,
        carlo.email,
        "qui@esempio.test",
        "la@esempio.test",
    ]
    looked = {email: passwords_looked_at(monkeypatch, email) for email in addresses}
    assert len(set(looked.values())) == 1, looked
    assert looked[olga.email] > 0
