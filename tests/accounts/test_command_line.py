# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts that the command line makes and mends."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from arengo.accounts import factors
from arengo.cli.organizations import NewOrganization, create, reset_access
from arengo.cli.words import Refused
from arengo.core.models import AuditEntry, Organization, OrganizationHost, Person
from tests.accounts.signing_in import is_in, sign_in
from tests.factories.core import PASSWORD, STRANGER_HOST

NEW_HOST = "nuovo.test"


def new(email: str) -> NewOrganization:
    return NewOrganization("Comune Nuovo", "nuovo", (NEW_HOST,), email, "Prima Amministratrice")


def test_the_first_administrator_enters_with_the_printed_password(esempio: Organization) -> None:
    password = create(new("prima@nuovo.test"))
    assert password is not None
    assert Person.objects.get(email="prima@nuovo.test").proved_at is None
    assert is_in(sign_in("prima@nuovo.test", password, NEW_HOST))


def test_who_proved_the_address_administers_a_second_organization_with_their_own_password(
    carlo: Person,
) -> None:
    assert create(new(carlo.email)) is None
    assert is_in(sign_in(carlo.email, PASSWORD, NEW_HOST))


def test_an_account_without_proof_of_another_town_does_not_administer_the_new_one(unproved: Person) -> None:
    password = create(new(unproved.email))
    assert password is not None
    assert not is_in(sign_in(unproved.email, PASSWORD, NEW_HOST))
    assert is_in(sign_in(unproved.email, password, NEW_HOST))
    assert is_in(sign_in(unproved.email, PASSWORD, STRANGER_HOST))


def test_who_lost_every_way_in_gets_a_new_password_and_the_log_says_so(
    olga: Person, esempio: Organization
) -> None:
    TOTP.activate(olga, "JBSWY3DPEHPK3PXP")
    password = reset_access("OLGA@esempio.test", "esempio")
    assert is_in(sign_in(olga.email, password))
    assert not factors.has_one(olga)
    entry = AuditEntry.objects.get(verb="accounts.reset_access")
    assert (entry.organization, entry.person) == (esempio, None)


def test_nobody_of_another_organization_is_reset(carlo: Person, esempio: Organization) -> None:
    with pytest.raises(Refused):
        reset_access(carlo.email, "esempio")
    assert OrganizationHost.objects.filter(host=STRANGER_HOST).exists()
    assert is_in(sign_in(carlo.email, host=STRANGER_HOST))
