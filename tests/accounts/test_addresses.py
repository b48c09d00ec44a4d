# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A change of address: confirmed by oneself, proved by a mailed link, told to the old address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from arengo.accounts import addresses
from arengo.accounts.models import AddressChange
from arengo.core.models import AuditEntry, Organization, Person
from tests.accounts.signing_in import ENTRANCE, confirmed, is_in, mailed_link, sign_in
from tests.factories.core import PASSWORD, STRANGER_HOST

Browse = Callable[..., Client]
NEW_ADDRESS = "olga.nuova@esempio.test"
PAGE = f"{ENTRANCE}email/"
CONFIRMATION = f"{ENTRANCE}email/conferma/"


def test_the_password_is_asked_for_first(olga: Person) -> None:
    client = sign_in(olga.email)
    assert "Conferma che sei tu" in client.get(PAGE, follow=True).content.decode()
    client.post(PAGE, {"email": NEW_ADDRESS})
    assert not AddressChange.objects.exists()
    assert mail.outbox == []


def test_nothing_changes_before_the_link_is_opened_and_the_old_address_is_told(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    client.post(PAGE, {"email": NEW_ADDRESS})
    assert [letter.to for letter in mail.outbox] == [[NEW_ADDRESS], ["olga@esempio.test"]]
    assert NEW_ADDRESS not in str(mail.outbox[1].body)
    olga.refresh_from_db()
    assert olga.email == "olga@esempio.test"
    assert not is_in(sign_in(NEW_ADDRESS))

    client.get(mailed_link(NEW_ADDRESS), follow=True)
    olga.refresh_from_db()
    assert olga.email == "olga@esempio.test"  # a link alone does nothing
    client.post(CONFIRMATION)
    assert is_in(sign_in(NEW_ADDRESS))
    assert not is_in(sign_in("olga@esempio.test"))
    assert mail.outbox[-1].to == ["olga@esempio.test"]
    assert client.post(CONFIRMATION).status_code == 404  # once


def test_a_link_opened_by_another_proves_nothing(olga: Person, edo: Person, browse: Browse) -> None:
    """Olga asks for Edo's mailbox; Edo, who is signed in, opens the link out of curiosity."""
    client = confirmed(sign_in(olga.email))
    client.post(PAGE, {"email": edo.email})
    link = mailed_link(edo.email)
    edos = browse(edo)
    assert edos.get(link, follow=True).status_code == 404
    assert edos.post(CONFIRMATION).status_code == 404
    nobody = browse()
    nobody.get(link)
    assert nobody.post(CONFIRMATION).status_code == 302
    olga.refresh_from_db()
    assert olga.email == "olga@esempio.test"


def test_an_address_that_has_an_owner_does_not_change_hands(
    olga: Person, carlo: Person, altrove: Organization
) -> None:
    client = confirmed(sign_in(olga.email))
    answer = client.post(PAGE, {"email": carlo.email}, follow=True).content.decode()
    assert (
        "già" not in answer.split("<main", 1)[1].split("</main", 1)[0]
    )  # whether somebody has it is not told
    client.get(mailed_link(carlo.email), follow=True)
    page = client.post(CONFIRMATION, follow=True).content.decode()
    assert "è già di un altro tuo accesso" in page
    olga.refresh_from_db()
    assert olga.email == "olga@esempio.test"
    assert is_in(sign_in(carlo.email, PASSWORD, STRANGER_HOST))


def test_an_account_without_proof_proves_its_address(olga: Person) -> None:
    Person.objects.filter(pk=olga.pk).update(proved_at=None)
    client = confirmed(sign_in(olga.email))
    assert "Non verificata" in client.get(PAGE).content.decode()
    client.post(PAGE, {"prove": "1"})
    client.get(mailed_link(olga.email), follow=True)
    client.post(CONFIRMATION)
    olga.refresh_from_db()
    assert olga.proved_at is not None
    assert AuditEntry.objects.filter(verb="accounts.proved_address").exists()


def test_where_no_mail_is_set_up_the_address_cannot_change_and_the_page_says_so(
    olga: Person, without_mail: None
) -> None:
    client = confirmed(sign_in(olga.email))
    page = client.get(PAGE).content.decode()
    assert "Qui non parte posta" in page
    assert 'name="email"' not in page
    client.post(PAGE, {"email": NEW_ADDRESS})
    assert not AddressChange.objects.exists()


def test_a_link_ends_after_a_day_and_with_the_next_one(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    client.post(PAGE, {"email": NEW_ADDRESS})
    first = mailed_link(NEW_ADDRESS)
    client.post(PAGE, {"email": NEW_ADDRESS})
    assert client.get(first, follow=True).status_code == 404
    AddressChange.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(mailed_link(NEW_ADDRESS), follow=True).status_code == 404


def test_links_are_sent_a_few_times_a_day(olga: Person) -> None:
    client = confirmed(sign_in(olga.email))
    for _time in range(addresses.MOST_A_DAY + 3):
        client.post(PAGE, {"email": NEW_ADDRESS})
    assert sum(letter.to == [NEW_ADDRESS] for letter in mail.outbox) == addresses.MOST_A_DAY


@pytest.mark.parametrize("email", ["", "x", "a" * 300 + "@esempio.test", "a\nb@esempio.test"])
def test_what_is_no_address_is_refused(olga: Person, email: str) -> None:
    client = confirmed(sign_in(olga.email))
    assert client.post(PAGE, {"email": email}).status_code == 422
    assert mail.outbox == []


def test_a_password_link_of_the_old_address_is_void_after_the_change(olga: Person) -> None:
    Client(headers={"host": "esempio.test"}).post(f"{ENTRANCE}password/reset/", {"email": olga.email})
    link = mailed_link(olga.email)
    client = confirmed(sign_in(olga.email))
    client.post(PAGE, {"email": NEW_ADDRESS})
    client.get(mailed_link(NEW_ADDRESS), follow=True)
    client.post(CONFIRMATION)
    page = Client(headers={"host": "esempio.test"}).get(link, follow=True).content.decode()
    assert "Il collegamento non vale più" in page
