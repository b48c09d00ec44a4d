# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who worked here is forgotten, and what they did stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from arengo.accounts.models import Invitation
from arengo.cli import staff as command
from arengo.cli.words import Refused
from arengo.core import audit, erasures
from arengo.core.models import AuditEntry, Membership, Organization, Person, StaffKey
from arengo.core.scope import every_organization, organization_scope
from arengo.core.staff_privacy import StillWorks, erase_person
from tests.accounts.signing_in import NEW, invite, is_in, mailed_link, set_up, sign_in
from tests.factories.core import join

Browse = Callable[..., Client]


@pytest.fixture
def former(esempio: Organization, olga: Person) -> Person:
    """Olga, who answered once, keeps an address with the sign-in, and has left."""
    audit.record("desk.took", organization=esempio, by=olga)
    EmailAddress.objects.create(user=olga, email=olga.email, verified=True, primary=True)
    with organization_scope(esempio):
        Membership.objects.filter(person=olga).delete()
    return olga


def test_nothing_names_a_former_colleague_any_more(former: Person, alice: Person) -> None:
    erase_person(former, by=alice)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ''), '') FROM \"{table}\" t")  # noqa: S608  # of the catalogue
            [(rows,)] = cursor.fetchall()
            assert "olga" not in rows.lower(), table
            assert b"Olga".hex() not in rows, table
    assert StaffKey.objects.filter(person=former).count() == 0
    assert EmailAddress.objects.count() == 0
    assert AuditEntry.objects.get(verb="desk.took").person == former


def test_the_log_shows_a_nameless_person_and_can_still_be_narrowed_to_them(
    former: Person, alice: Person, browse: Browse
) -> None:
    erase_person(former, by=alice)
    page = browse(alice).get("/console/impostazioni/registro/", {"person": former.pk})
    assert page.status_code == 200
    text = page.content.decode()
    assert "persona cancellata" in text
    assert "Olga" not in text
    assert text.count("<tr>") == 2  # the head and what Olga did
    assert AuditEntry.objects.filter(verb="core.erased_person", person=alice).count() == 1


def test_an_erased_person_gets_no_key_again(former: Person, esempio: Organization, alice: Person) -> None:
    erase_person(former, by=alice)
    former.refresh_from_db()
    assert audit.record("desk.took", organization=esempio, by=former).label_sealed is None
    assert StaffKey.objects.filter(person=former).count() == 0


def test_who_still_works_somewhere_is_not_erased(
    former: Person, altrove: Organization, alice: Person
) -> None:
    join(altrove, former, "operator")
    with pytest.raises(StillWorks):
        erase_person(former, by=alice)
    former.refresh_from_db()
    assert former.name == "Olga Esempio"


def test_an_erased_person_cannot_sign_in_and_the_address_is_free(former: Person, alice: Person) -> None:
    address = former.email
    erase_person(former, by=alice)
    former.refresh_from_db()
    assert not former.is_active
    assert not former.has_usable_password()
    assert str(former) == "persona cancellata"
    assert Person.objects.create_user(address, "una password lunga", name="Olga Nuova").pk != former.pk


def test_the_files_are_rewritten_for_a_colleague_too(former: Person, alice: Person) -> None:
    erase_person(former, by=alice)
    with every_organization("a test"):
        note = erasures.of(former)
    assert note is not None
    assert {"core_person", "core_staffkey", "account_emailaddress"} <= set(note.tables)


def test_the_command_line_says_why_not(former: Person, alice: Person) -> None:
    with pytest.raises(Refused, match="ancora un ruolo"):
        command.erase(alice.email)
    with pytest.raises(Refused, match="nessuno accede"):
        command.erase("nobody@esempio.test")
    command.erase(former.email.upper())
    former.refresh_from_db()
    assert str(former) == "persona cancellata"
    assert AuditEntry.objects.get(verb="core.erased_person").person_label == "Arengo"


def test_what_names_them_without_a_relation_goes_too(alice: Person, browse: Browse) -> None:
    """The invitation that they accepted, and the sessions that hold the address they signed in with."""
    invite(browse(alice), "rita@esempio.test", "operator", name="Rita Esempio")
    guest = browse()
    guest.get(mailed_link("rita@esempio.test"), follow=True)
    set_up(guest, name="Rita Esempio")
    inside = sign_in("rita@esempio.test", NEW)
    assert is_in(inside)
    rita = Person.objects.get(email="rita@esempio.test")
    Membership.unscoped.filter(person=rita).delete()
    assert "rita@" in held()
    command.erase("rita@esempio.test")
    assert "rita" not in held().lower()
    assert Session.objects.filter(pk=inside.session.session_key).count() == 0


def held() -> str:
    """Sessions, opened, and invitations."""
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    return str([*sessions, *Invitation.unscoped.values_list("email", "name")])


def test_an_account_of_another_town_with_the_same_address_is_in_nobodys_way(
    former: Person, altrove: Organization
) -> None:
    claimant = Person.objects.create(email=former.email, name="Un altro")
    join(altrove, claimant, "operator")
    command.erase(former.email)
    former.refresh_from_db()
    claimant.refresh_from_db()
    assert (str(former), claimant.name) == ("persona cancellata", "Un altro")


def test_the_invitations_of_other_towns_outlive_an_account_that_only_claimed_the_address(
    former: Person, altrove: Organization
) -> None:
    Person.objects.filter(pk=former.pk).update(proved_at=None)
    former.refresh_from_db()
    over = Invitation.unscoped.create(
        organization=altrove,
        email=former.email,
        name="La vera Olga",
        roles=["operator"],
        token_hash="0" * 64,
        mailed=True,
        expires_at=timezone.now(),
    )
    erase_person(former, by=None)
    assert Invitation.unscoped.filter(pk=over.pk).exists()
