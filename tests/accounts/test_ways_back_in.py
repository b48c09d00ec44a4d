# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A forgotten password, and a new way in from an administrator: only to whom the account is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from arengo.accounts import factors
from arengo.accounts.models import Invitation
from arengo.core.models import Membership, Organization, Person, Role
from arengo.core.scope import organization_scope
from tests.accounts.signing_in import ENTRANCE, NEW, is_in, mailed_link, set_up, sign_in
from tests.factories.core import HOST, PASSWORD, join, member

Browse = Callable[..., Client]
STAFF = "/console/impostazioni/personale/"


def test_a_reset_link_leads_to_the_organizations_own_host(
    olga: Person, altrove: Organization, browse: Browse
) -> None:
    browse().post(f"{ENTRANCE}password/reset/", {"email": olga.email}, headers={"host": f"{HOST}:6666"})
    letter = mail.outbox[0]
    assert f"http://{HOST}/console/accesso/password/reset/key/" in str(letter.body)
    assert "6666" not in str(letter.subject) + str(letter.body)


@pytest.mark.parametrize("who", ["unproved", "stranger", "nobody"])
def test_a_reset_link_goes_only_to_the_proved_address_of_a_member(
    esempio: Organization, altrove: Organization, carlo: Person, browse: Browse, who: str
) -> None:
    email = carlo.email if who == "stranger" else "ida@esempio.test"
    if who == "unproved":
        ida = member(esempio, email, "Ida Esempio", Role.OPERATOR)
        Person.objects.filter(pk=ida.pk).update(proved_at=None)
    answer = browse().post(f"{ENTRANCE}password/reset/", {"email": email}, follow=True)
    assert "Controlla la posta" in answer.content.decode()
    assert [letter.to for letter in mail.outbox] == [[email]]
    assert "/password/reset/key/" not in str(mail.outbox[0].body)


def test_a_member_without_proof_gets_a_new_way_in_that_voids_the_old_one(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    ida = member(esempio, "ida@esempio.test", "Ida Esempio", Role.OPERATOR)
    Person.objects.filter(pk=ida.pk).update(proved_at=None)
    factors.Authenticator.objects.create(
        user=ida, type="totp", data={"secret": factors.seal("JBSWY3DPEHPK3PXP")}
    )
    held = browse(Person.objects.get(pk=ida.pk))
    assert is_in(held)
    with organization_scope(esempio):
        pk = Membership.objects.get(person=ida).pk
    browse(alice).post(f"{STAFF}{pk}/invito/")
    owner = browse()
    owner.get(mailed_link(ida.email), follow=True)
    set_up(owner, name="Ida Esempio")
    ida.refresh_from_db()
    assert ida.proved_at is not None
    assert not factors.has_one(ida)
    assert not is_in(held)
    assert is_in(sign_in(ida.email, NEW))
    with organization_scope(esempio):
        assert Membership.objects.get(person=ida).roles == ["operator"]


def test_a_colleagues_proved_account_is_not_reset_by_an_administrator(
    alice: Person, olga: Person, esempio: Organization, browse: Browse
) -> None:
    with organization_scope(esempio):
        pk = Membership.objects.get(person=olga).pk
    assert browse(alice).post(f"{STAFF}{pk}/invito/").status_code == 302
    assert mail.outbox == []
    assert not Invitation.unscoped.exists()


def test_an_account_without_proof_that_works_elsewhere_too_is_not_carried_along(
    alice: Person, unproved: Person, esempio: Organization, altrove: Organization, browse: Browse
) -> None:
    """A state of former versions: one account without proof in two towns."""
    pk = join(esempio, unproved, Role.OPERATOR).pk
    browse(alice).post(f"{STAFF}{pk}/invito/")
    owner = browse()
    owner.get(mailed_link(unproved.email), follow=True)
    set_up(owner)
    unproved.refresh_from_db()
    assert unproved.proved_at is None
    with organization_scope(esempio):
        assert not Membership.objects.filter(person=unproved).exists()
    assert is_in(sign_in(unproved.email, NEW))
    assert not is_in(sign_in(unproved.email, PASSWORD))
