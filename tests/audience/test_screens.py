# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from arengo.audience.models import Consent, Contact, Identity
from arengo.core import rewriting
from arengo.core.clean_text import isolated
from arengo.core.log_entries import named
from arengo.core.models import AuditEntry, Erasure, Organization, Person, Role
from arengo.platforms.contract import Address
from tests.factories.audience import ANNA, BRUNO, CLARA, NOON, at, known, message
from tests.factories.core import STRANGER_HOST, member

Arrive = Callable[..., None]
Browse = Callable[..., Client]


@pytest.fixture
def rita(esempio: Organization) -> Person:
    return member(esempio, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)


@pytest.fixture
def anna(arrive: Arrive) -> Identity:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    return known(ANNA)


def pages(anna: Identity) -> dict[str, tuple[str, str]]:
    """name → (method, address)"""
    proof, contact = Consent.objects.get(), anna.contact_id
    return {
        "subscribers": ("get", reverse("audience:people")),
        "search": ("post", reverse("audience:search")),
        "citizen": ("get", reverse("audience:citizen", args=[contact])),
        "export": ("post", reverse("audience:right", args=[contact, "copy"])),
        "erase": ("post", reverse("audience:right", args=[contact, "erase"])),
        "unsubscribe": ("post", reverse("audience:unsubscribe", args=[contact, anna.pk])),
        "proof": ("get", reverse("audience:proof", args=[proof.pk])),
        "policy": ("get", reverse("audience:policy", args=[proof.policy_id])),
    }


ALL = ("subscribers", "search", "citizen", "export", "erase", "unsubscribe", "proof", "policy")
OF_ONE_PERSON = ("citizen", "export", "erase", "unsubscribe", "proof", "policy")


@pytest.mark.parametrize("name", ALL)
def test_carlo_sees_nothing_here(anna: Identity, carlo: Person, browse: Browse, name: str) -> None:
    method, address = pages(anna)[name]
    assert getattr(browse(carlo), method)(address).status_code == 404


@pytest.mark.parametrize("name", OF_ONE_PERSON)
def test_carlo_finds_nobody_of_ours_at_his_own_address(
    anna: Identity, carlo: Person, browse: Browse, name: str
) -> None:
    method, address = pages(anna)[name]
    assert getattr(browse(carlo, STRANGER_HOST), method)(address).status_code == 404
    assert Identity.objects.filter(pk=anna.pk).exists()


def test_carlos_own_list_and_search_do_not_show_our_people(
    anna: Identity, carlo: Person, browse: Browse
) -> None:
    client = browse(carlo, STRANGER_HOST)
    assert "Anna" not in client.get(reverse("audience:people")).text
    assert "Anna Esempio" not in client.post(reverse("audience:search"), {"text": "Esempio"}).text


@pytest.mark.parametrize("name", ALL)
def test_who_is_not_signed_in_is_sent_to_the_door(anna: Identity, browse: Browse, name: str) -> None:
    method, address = pages(anna)[name]
    response = getattr(browse(), method)(address)
    assert response.status_code == 302
    assert "/console/accesso/" in response["Location"]


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        (Role.OPERATOR, {"subscribers", "search", "export", "erase", "unsubscribe", "proof"}),
        (Role.AUDITOR, {"export", "erase", "unsubscribe"}),
        (Role.EDITOR, {"export", "erase"}),
        (Role.ADMINISTRATOR, set()),
    ],
)
def test_each_role_may_do_its_part(
    anna: Identity, esempio: Organization, browse: Browse, role: str, refused: set[str]
) -> None:
    client = browse(member(esempio, "prova@esempio.test", "Prova Esempio", role))
    statuses = {}
    for name, (method, address) in pages(anna).items():
        if name != "erase" or name in refused:
            statuses[name] = getattr(client, method)(address).status_code
    assert {name for name, status in statuses.items() if status == 403} == refused
    # 422: nobody said how they checked who asks for their data
    assert all(status in {200, 302, 422} for name, status in statuses.items() if name not in refused)


def test_the_overview_says_how_many(arrive: Arrive, anna: Identity, edo: Person, browse: Browse) -> None:
    arrive(message(BRUNO, "Iscrivimi eventi", name="Bruno Esempio"), message(CLARA, "ISCRIVIMI"))
    arrive(message(BRUNO, "CANCELLAMI", sent_at=at(1)))
    assert browse(edo).get(reverse("audience:subscribers")).context["found"].listed == 2


def test_the_list_costs_the_same_however_long(arrive: Arrive, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    client.get(reverse("audience:people"))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("audience:people")).status_code == 200
        return len(queries)

    arrive(*(message(Address(phone=f"+39334000000{one}"), "ISCRIVIMI") for one in range(2)))
    few = cost()
    arrive(*(message(Address(phone=f"+3933400001{one:02}"), "ISCRIVIMI") for one in range(40)))
    assert cost() == few <= 16


def test_an_empty_list_teaches_how_people_join(town: Organization, edo: Person, browse: Browse) -> None:
    assert "Ci si iscrive scrivendo «ISCRIVIMI»" in browse(edo).get(reverse("audience:people")).text


def test_the_card_shows_the_whole_number_only_to_who_needs_it(
    anna: Identity, edo: Person, rita: Person, browse: Browse
) -> None:
    address = reverse("audience:citizen", args=[anna.contact_id])
    assert "+39 333 000 0001" in browse(edo).get(address).text
    seen = browse(rita).get(address).text
    assert "+39 … 01" in seen
    assert "333 000 0001" not in seen


def test_the_card_shows_every_consent_with_its_proof(anna: Identity, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    card = client.get(reverse("audience:citizen", args=[anna.contact_id])).text
    consent = Consent.objects.get()
    proof = reverse("audience:proof", args=[consent.pk])
    assert proof in card
    shown = client.get(proof).text
    assert consent.message_id in shown
    assert "«ISCRIVIMI»" in shown
    assert consent.policy.text.splitlines()[0] in shown


def test_the_policy_of_a_consent_is_shown_as_it_was(anna: Identity, edo: Person, browse: Browse) -> None:
    consent = Consent.objects.get()
    page = browse(edo).get(reverse("audience:policy", args=[consent.policy_id]))
    assert "Titolare del trattamento" in page.text
    assert "in vigore" in page.text


def test_staff_unsubscribe_at_request(anna: Identity, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    for words in ("Iscrizione cancellata", "Non era più fra gli iscritti"):
        page = client.post(reverse("audience:unsubscribe", args=[anna.contact_id, anna.pk]), follow=True)
        assert words in page.text
    assert not known(ANNA).subscription.active
    assert Consent.objects.filter(action="withdrawn", source="staff", by=edo).count() == 1


def test_an_address_of_another_citizen_cannot_be_unsubscribed_by_mistake(
    arrive: Arrive, anna: Identity, edo: Person, browse: Browse
) -> None:
    arrive(message(BRUNO, "ISCRIVIMI"))
    other = known(BRUNO)
    assert (
        browse(edo).post(reverse("audience:unsubscribe", args=[anna.contact_id, other.pk])).status_code == 404
    )
    assert other.subscription.active


def test_the_questions_on_their_own_pages_say_about_whom(
    anna: Identity, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    assert "Anna" in client.get(reverse("audience:right", args=[anna.contact_id, "erase"])).text
    leaving = client.get(reverse("audience:unsubscribe", args=[anna.contact_id, anna.pk])).text
    assert "Anna" in leaving
    assert f"+39 … {ANNA.phone[-2:]}" in leaving


def _erase(client: Client, person: Identity) -> Any:
    given = {"way": "counter", "check_way": "document", "press": "do"}
    return client.post(reverse("audience:right", args=[person.contact_id, "erase"]), given, follow=True)


def test_erasing_shows_that_nothing_is_left(anna: Identity, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    page = _erase(client, anna)
    assert "I dati di questa persona sono stati eliminati." in page.text
    assert "Anna" not in page.text
    assert Contact.objects.get(pk=anna.contact_id).name == ""
    assert AuditEntry.objects.filter(verb="audience.erased", person=alice).count() == 1
    assert client.post(reverse("audience:right", args=[anna.contact_id, "copy"])).status_code == 404


@pytest.mark.parametrize("name", ["export", "erase", "unsubscribe"])
def test_a_link_alone_changes_nothing(anna: Identity, alice: Person, browse: Browse, name: str) -> None:
    page = browse(alice).get(pages(anna)[name][1])
    assert page.status_code == 200
    assert known(ANNA).subscription.active
    assert not AuditEntry.objects.filter(person=alice).exists()


def _erased_page(anna: Identity, client: Client) -> str:
    return client.get(reverse("audience:citizen", args=[anna.contact_id])).text


def test_the_page_says_when_it_leaves_the_databases_files(
    anna: Identity, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    _erase(client, anna)
    tonight = date_format(timezone.localtime(rewriting.next_run(timezone.now())), "H:i")
    assert re.search(
        rf"sparisce con il lavoro della notte: (oggi|domani) alle {tonight}", _erased_page(anna, client)
    )
    Erasure.objects.update(obstacles=["busy:desk_message", "busy:audience_contact", "log"])
    page = _erased_page(anna, client)
    assert "una tabella era in uso (desk_message, audience_contact)" in page
    assert "PostgreSQL non ha ancora tolto i vecchi file" in page
    Erasure.objects.update(gone_at=timezone.now(), obstacles=[])
    page = _erased_page(anna, client)
    assert "Sparito anche dai file della banca dati: oggi alle" in page
    assert "lavoro della notte" not in page


@pytest.mark.parametrize(
    "obstacle", ["large:t", "slow:t", "denied:t", "space:t", "recycled", "slots", "snapshot", "new:t"]
)
def test_every_obstacle_has_its_words(anna: Identity, alice: Person, browse: Browse, obstacle: str) -> None:
    client = browse(alice)
    _erase(client, anna)
    Erasure.objects.update(obstacles=[obstacle])
    assert "non è riuscito: " in _erased_page(anna, client)


def test_a_proof_of_who_is_erased_proves_without_naming(
    anna: Identity, alice: Person, browse: Browse
) -> None:
    client = browse(alice)
    proof = reverse("audience:proof", args=[Consent.objects.get().pk])
    before = client.get(proof).text
    assert "«ISCRIVIMI»" in before
    assert Consent.objects.get().subject_hash.hex() in before
    _erase(client, anna)
    after = client.get(proof).text
    assert "distrutta con la chiave della persona" in after
    assert "dati eliminati su richiesta" in after
    assert "ISCRIVIMI" not in after
    assert "wamid" not in after


# --- foreign text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["محمد علي", "שרה (כהן)"])
def test_an_arabic_name_leaves_the_number_of_the_proof_in_its_order(
    arrive: Arrive, rita: Person, browse: Browse, name: str
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name=name))
    page = browse(rita).get(pages(known(ANNA))["proof"][1]).content.decode()
    assert f"{isolated(name)} (nome del profilo, non verificato), {isolated('+39 … 01')}" in page
    assert 'dir="auto">«ISCRIVIMI»</p>' in page


@pytest.mark.parametrize(
    "name", ["\u2800", "\u3164", "\u115f\u1160", "\u200b\u200d", "\u202e\u00a0", "\ufe0f"]
)
def test_a_name_that_nobody_sees_gives_way_to_the_masked_number(
    arrive: Arrive, rita: Person, browse: Browse, name: str
) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name=name))
    assert known(ANNA).contact.name == ""
    Contact.objects.update(name=name)  # as an older version stored it
    assert "+39 … 01" in browse(rita).get(reverse("audience:people")).text
    assert "+39 … 01" in browse(rita).get(pages(known(ANNA))["citizen"][1]).content.decode()


@pytest.mark.parametrize("name", ["", "\u3164", "\u2800\u200b"])
def test_the_log_names_who_has_no_name_by_the_masked_number(arrive: Arrive, name: str) -> None:
    arrive(message(ANNA))
    Contact.objects.update(name=name)
    contact = Contact.objects.get()
    entry = AuditEntry(pk=1, object_type="audience.Contact", object_id=str(contact.pk))
    assert named([entry])[1].words == "cittadino +39 … 01"
    Contact.objects.update(erased_at=NOON)
    assert named([entry])[1].words == f"cittadino {contact.pk}"


def test_a_username_that_nobody_sees_is_none(arrive: Arrive, rita: Person, browse: Browse) -> None:
    arrive(message(CLARA, "ISCRIVIMI", username="clara\u202e.e"), message(ANNA, username="\u3164"))
    assert known(CLARA).username == "clara.e"
    assert known(ANNA).username == ""
    Identity.objects.update(username="\u3164")  # as an older version stored it
    assert "Nome utente" not in browse(rita).get(pages(known(CLARA))["citizen"][1]).content.decode()


def test_a_name_that_turns_what_follows_is_kept_without_it(arrive: Arrive) -> None:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna\u202e\u2066 Esempio"))
    assert known(ANNA).contact.name == "Anna Esempio"
