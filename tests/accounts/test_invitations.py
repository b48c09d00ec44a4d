# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An address means a person only after its owner proved it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arengo.accounts import invitations
from arengo.accounts.models import Invitation
from arengo.core.models import AuditEntry, Membership, Organization, Person, Role
from arengo.core.scope import every_organization, organization_scope
from tests.accounts.signing_in import ENTRANCE, NEW, invite, is_in, link_in, mailed_link, set_up, sign_in
from tests.factories.core import HOST, PASSWORD, STRANGER_HOST, join, member

Browse = Callable[..., Client]
SINDACA = "futura.sindaca@a.test"
STAFF = "/console/impostazioni/personale/"


def members(organization: Organization) -> list[str]:
    with organization_scope(organization):
        return [each.person.email for each in Membership.objects.select_related("person")]


def test_nobody_is_a_member_before_accepting(alice: Person, esempio: Organization, browse: Browse) -> None:
    invite(browse(alice), SINDACA)
    assert members(esempio) == [alice.email]
    assert not Person.objects.filter(email=SINDACA).exists()


def test_the_owner_of_the_address_accepts_with_a_password_and_enters(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    invite(browse(alice), SINDACA, "operator")
    guest = browse()
    page = guest.get(mailed_link(SINDACA), follow=True).content.decode()
    assert "Comune di Esempio ti invita" in page
    assert set_up(guest).status_code == 302
    person = Person.objects.get(email=SINDACA)
    assert person.proved_at is not None
    assert is_in(sign_in(SINDACA, NEW))
    assert guest.get(f"{ENTRANCE}invito/").status_code == 404  # once


def test_a_claim_of_a_stranger_to_the_address_gives_them_nothing(
    alice: Person, esempio: Organization, carlo: Person, browse: Browse
) -> None:
    """The stranger added the address to their account before it was invited."""
    EmailAddress.objects.create(user=carlo, email=SINDACA, verified=False)
    invite(browse(alice), SINDACA)
    assert carlo.email not in members(esempio)
    strangers = sign_in(SINDACA)  # with Carlo's password
    assert not is_in(strangers)
    guest = browse()
    guest.get(mailed_link(SINDACA), follow=True)
    set_up(guest)
    assert not EmailAddress.objects.filter(user=carlo, email=SINDACA).exists()
    assert not is_in(sign_in(SINDACA, PASSWORD))
    assert not is_in(sign_in(carlo.email, PASSWORD))
    assert is_in(sign_in(SINDACA, NEW))


@pytest.mark.usefixtures("without_mail")
def test_a_link_on_screen_of_another_town_opens_nothing_here(
    alice: Person, carlo: Person, esempio: Organization, altrove: Organization, browse: Browse, settings: Any
) -> None:
    """Altrove made the account and knows its password; then Esempio invites the same address by mail."""
    theirs = link_in(invite(browse(carlo, STRANGER_HOST), SINDACA).content.decode())
    held = browse(None, STRANGER_HOST)
    held.get(theirs, follow=True)
    set_up(held, PASSWORD)
    inside = sign_in(SINDACA, PASSWORD, STRANGER_HOST)
    assert is_in(inside)

    settings.EMAIL_LEAVES = True
    invite(browse(alice), SINDACA)
    assert SINDACA not in members(esempio)
    owner = browse()
    assert "Scegli il nome e la password" in owner.get(mailed_link(SINDACA), follow=True).content.decode()
    set_up(owner)
    assert is_in(sign_in(SINDACA, NEW))
    assert not is_in(sign_in(SINDACA, PASSWORD))
    inside.defaults["HTTP_HOST"] = HOST  # the session that Altrove holds, brought here
    assert inside.get("/console/", headers={"host": HOST}).status_code in {302, 404}
    assert members(altrove).count(SINDACA) == 1  # what Altrove made stays Altrove's, and says nothing here


@pytest.mark.usefixtures("without_mail")
def test_a_link_on_screen_says_what_it_means_and_makes_an_account_of_this_town_alone(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    page = invite(browse(alice), SINDACA, "operator").content.decode()
    assert "entra come questa persona" in page
    assert "non verificato" in page
    assert mail.outbox == []
    guest = browse()
    assert "vale soltanto qui" in guest.get(link_in(page), follow=True).content.decode()
    set_up(guest)
    assert Person.objects.get(email=SINDACA).proved_at is None
    assert is_in(sign_in(SINDACA, NEW))
    assert "non verificata" in browse(alice).get(STAFF).content.decode()


def test_where_mail_leaves_no_link_is_on_screen(alice: Person, browse: Browse) -> None:
    page = invite(browse(alice), SINDACA).content.decode()
    assert "/accesso/invito/" not in page
    renewed = browse(alice).post(
        f"/console/impostazioni/personale/inviti/{Invitation.unscoped.get().pk}/rinnova/"
    )
    assert "/accesso/invito/" not in renewed.content.decode()


def test_who_has_an_account_signs_in_and_presses_accept(
    alice: Person, carlo: Person, esempio: Organization, browse: Browse
) -> None:
    invite(browse(alice), carlo.email, "editor", name="C. Altrove")
    path = mailed_link(carlo.email)
    guest = browse()
    assert "ha già un accesso" in guest.get(path, follow=True).content.decode()
    assert set_up(guest).status_code == 200  # a password is not asked for, and not taken
    carlo.refresh_from_db()
    assert carlo.check_password(PASSWORD)
    guest.post(f"{ENTRANCE}login/", {"login": carlo.email, "password": PASSWORD})
    assert members(esempio) == [alice.email]
    guest.post(f"{ENTRANCE}invito/")
    assert sorted(members(esempio)) == sorted([alice.email, carlo.email])
    with organization_scope(esempio):
        assert Membership.objects.get(person=carlo).roles == ["editor"]


def test_an_invitation_opened_by_another_person_who_is_signed_in_is_not_theirs(
    alice: Person, olga: Person, browse: Browse
) -> None:
    invite(browse(alice), SINDACA)
    olgas = browse(olga)
    page = olgas.get(mailed_link(SINDACA), follow=True).content.decode()
    assert "per un’altra persona" in page
    set_up(olgas)
    assert not Person.objects.filter(email=SINDACA).exists()


def test_inviting_answers_alike_whether_the_address_is_known_elsewhere_or_not(
    alice: Person, carlo: Person, browse: Browse
) -> None:
    """The same words, the same number of queries, the same mail."""
    client = browse(alice)
    invite(client, "prima@altrove.test")  # what is read once is read
    pages, costs = [], []
    for email in ("nessuno@altrove.test", carlo.email):
        with every_organization("the other invitation must not be on the page"):
            Invitation.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            page = invite(client, email, "operator", name="Persona Esempio").content.decode()
        costs.append(len(queries))
        pages.append(_without_what_differs_each_time(page.replace(email, "…")))
    assert pages[0] == pages[1]
    assert costs[0] == costs[1]
    assert "Carlo" not in "".join(pages[1])
    letters = [str(letter.body) for letter in mail.outbox[-2:]]
    assert letters[0].replace(link_in(letters[0]), "") == letters[1].replace(link_in(letters[1]), "")


def _without_what_differs_each_time(page: str) -> list[str]:
    """The lines of a page but those with a token, the id of a row, a time or the seconds that are left."""
    return [
        line for line in page.splitlines() if not re.search(r"csrf|inviti/|revoke-|<time|arengo-left", line)
    ]


def test_the_list_shows_the_name_that_was_typed_until_the_person_accepts(
    alice: Person, carlo: Person, browse: Browse
) -> None:
    invite(browse(alice), carlo.email, name="Nome Scritto Qui")
    page = browse(alice).get(STAFF).content.decode()
    assert "Nome Scritto Qui" in page
    assert "Carlo Altrove" not in page


def test_when_somebody_was_in_another_towns_console_is_not_told(
    alice: Person, carlo: Person, esempio: Organization, altrove: Organization, browse: Browse
) -> None:
    join(esempio, carlo, Role.EDITOR)
    sign_in(carlo.email, host=STRANGER_HOST)
    carlo.refresh_from_db()
    assert carlo.last_login is not None
    with organization_scope(esempio):
        assert Membership.objects.get(person=carlo).entered_at is None
    with organization_scope(altrove):
        assert Membership.objects.get(person=carlo).entered_at is not None


def test_an_invitation_ends_after_three_days_and_when_it_is_revoked(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    invite(browse(alice), SINDACA)
    path = mailed_link(SINDACA)
    Invitation.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browse().get(path, follow=True).status_code == 404
    invite(browse(alice), SINDACA)
    path = mailed_link(SINDACA)
    pk = Invitation.unscoped.get(revoked_at__isnull=True).pk
    browse(alice).post(f"/console/impostazioni/personale/inviti/{pk}/revoca/")
    guest = browse()
    assert guest.get(path, follow=True).status_code == 404
    assert set_up(guest).status_code == 404


def test_a_renewed_invitation_has_a_new_link_and_the_old_one_is_void(alice: Person, browse: Browse) -> None:
    invite(browse(alice), SINDACA)
    old = mailed_link(SINDACA)
    pk = Invitation.unscoped.get().pk
    browse(alice).post(f"/console/impostazioni/personale/inviti/{pk}/rinnova/")
    new = mailed_link(SINDACA)
    assert browse().get(old, follow=True).status_code == 404
    assert browse().get(new, follow=True).status_code == 200


def test_only_one_invitation_of_an_address_is_open(alice: Person, browse: Browse) -> None:
    assert invite(browse(alice), SINDACA).status_code == 200
    assert invite(browse(alice), SINDACA.upper()).status_code == 422
    assert len(mail.outbox) == 1


def test_nobodys_mailbox_is_filled(alice: Person, browse: Browse) -> None:
    client = browse(alice)
    invite(client, SINDACA)
    for _time in range(10):
        pk = Invitation.unscoped.get(revoked_at__isnull=True).pk
        client.post(f"/console/impostazioni/personale/inviti/{pk}/rinnova/")
    assert len(mail.outbox) == invitations.MOST_A_DAY_TO_ONE


def test_the_token_is_not_in_the_database_nor_in_the_pages_address(alice: Person, browse: Browse) -> None:
    invite(browse(alice), SINDACA)
    path = mailed_link(SINDACA)
    token = path.rstrip("/").rpartition("/")[2]
    assert token not in str(Invitation.unscoped.values())
    answer = browse().get(path)
    assert answer.status_code == 302
    assert token not in answer.headers["Location"]
    assert all(token not in str(session.get_decoded()) for session in Session.objects.all())


def test_an_invitation_of_another_towns_host_is_void(
    alice: Person, altrove: Organization, browse: Browse
) -> None:
    invite(browse(alice), SINDACA)
    assert browse(None, STRANGER_HOST).get(mailed_link(SINDACA), follow=True).status_code == 404


def test_links_lead_to_the_organizations_own_host_whatever_the_request_says(
    alice: Person, altrove: Organization, browse: Browse
) -> None:
    client = browse(alice)
    client.post(
        STAFF,
        {"name": "N", "email": SINDACA, "roles": ["operator"]},
        headers={"host": f"{HOST}:6666", "x-forwarded-host": "evil.test"},
    )
    assert f"http://{HOST}/console/accesso/invito/" in str(mail.outbox[0].body)


def test_who_was_removed_does_not_come_back_by_an_old_link(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    ida = member(esempio, "ida@esempio.test", "Ida Esempio", Role.OPERATOR)
    Person.objects.filter(pk=ida.pk).update(proved_at=None)
    with organization_scope(esempio):
        pk = Membership.objects.get(person=ida).pk
    browse(alice).post(f"{STAFF}{pk}/invito/")
    browse(alice).post(f"{STAFF}{pk}/togli/")
    assert browse().get(mailed_link(ida.email), follow=True).status_code == 404


@pytest.mark.usefixtures("without_mail")
def test_a_link_on_screen_opens_nothing_after_the_address_was_proved(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    ida = member(esempio, "ida@esempio.test", "Ida Esempio", Role.OPERATOR)
    Person.objects.filter(pk=ida.pk).update(proved_at=None)
    with organization_scope(esempio):
        pk = Membership.objects.get(person=ida).pk
    held = link_in(browse(alice).post(f"{STAFF}{pk}/invito/").content.decode())
    Person.objects.filter(pk=ida.pk).update(proved_at=timezone.now())
    guest = browse()
    guest.get(held, follow=True)
    assert set_up(guest).status_code == 422
    ida.refresh_from_db()
    assert ida.proved_at is not None
    assert ida.check_password(PASSWORD)


@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_who_may_no_longer_invite_lets_nobody_in_by_an_invitation_that_waits(
    alice: Person, esempio: Organization, browse: Browse, how: str
) -> None:
    bea = member(esempio, "bea@esempio.test", "Bea Esempio", Role.ADMINISTRATOR)
    invite(browse(bea), SINDACA)
    with organization_scope(esempio):
        pk = Membership.objects.get(person=bea).pk
    if how == "removed":
        browse(alice).post(f"{STAFF}{pk}/togli/")
    else:
        browse(alice).post(f"{STAFF}{pk}/", {"roles": ["operator"]})
    assert browse().get(mailed_link(SINDACA), follow=True).status_code == 404


def test_an_account_without_proof_joins_its_owners_account_in_the_same_town(
    alice: Person, carlo: Person, esempio: Organization, altrove: Organization, browse: Browse
) -> None:
    """Esempio made an account on screen for an address whose owner has a proved one, from Altrove."""
    local = Person.objects.create_user(carlo.email, NEW, name="Carlo qui")
    pk = join(esempio, local, Role.EDITOR).pk
    assert is_in(sign_in(carlo.email, NEW))
    assert not is_in(sign_in(carlo.email, NEW, STRANGER_HOST))
    browse(alice).post(f"{STAFF}{pk}/invito/")
    guest = browse()
    guest.get(mailed_link(carlo.email), follow=True)
    guest.post(f"{ENTRANCE}login/", {"login": carlo.email, "password": PASSWORD})
    guest.post(f"{ENTRANCE}invito/")
    assert is_in(guest)
    assert not is_in(sign_in(carlo.email, NEW))
    with organization_scope(esempio):
        assert Membership.objects.get(person=carlo).roles == ["editor"]
        assert not Membership.objects.filter(person=local).exists()


def test_what_became_of_an_invitation_is_in_the_log(
    alice: Person, esempio: Organization, browse: Browse
) -> None:
    invite(browse(alice), SINDACA, "operator")
    guest = browse()
    guest.get(mailed_link(SINDACA), follow=True)
    set_up(guest)
    verbs = set(AuditEntry.objects.filter(organization=esempio).values_list("verb", flat=True))
    assert {"accounts.invited", "accounts.accepted_invitation"} <= verbs
    assert SINDACA not in str(AuditEntry.objects.values())


@pytest.mark.parametrize("password", ["corta", "1qaz2wsx3edc", "futura.sindaca@a.test"])
def test_a_first_password_obeys_the_rules(alice: Person, browse: Browse, password: str) -> None:
    invite(browse(alice), SINDACA)
    guest = browse()
    guest.get(mailed_link(SINDACA), follow=True)
    assert set_up(guest, password).status_code == 422
    assert not Person.objects.filter(email=SINDACA).exists()


def test_carlo_sees_no_invitation_of_ours(alice: Person, carlo: Person, browse: Browse) -> None:
    invite(browse(alice), SINDACA)
    pk = Invitation.unscoped.get().pk
    theirs = browse(carlo, STRANGER_HOST)
    assert SINDACA not in theirs.get(STAFF).content.decode()
    for action in ("rinnova", "revoca"):
        assert theirs.post(f"{STAFF}inviti/{pk}/{action}/").status_code == 404
