# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Iscritti and Impostazioni in a real browser: readable by all, at the desk and on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from arengo.audience import arrivals, privacy
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Consent, Identity
from arengo.core.events import Batch
from arengo.core.models import Erasure, Membership, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.platforms.contract import Address
from tests.factories.audience import message
from tests.factories.delivery import make_template, set_price
from tests.factories.intake import marked_journal
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(esempio: Organization, sender: Sender, alice: Person, olga: Person) -> Organization:
    create_defaults(esempio)
    now = timezone.now()
    names = ("Anna Esempio", "Bruno Esempio", "Carla Esempio", "Dario Esempio", "")
    with organization_scope(esempio), transaction.atomic():
        for day in range(25):
            said = [
                message(
                    Address(phone=f"+39333{day:04}{number:03}"),
                    "ISCRIVIMI" if number % 3 else "Iscrivimi eventi e viabilità",
                    name=names[number % 5],
                    sent_at=now - timedelta(days=day, minutes=number),
                )
                for number in range(1 + day % 4)
            ]
            if day % 5 == 0:
                said.append(message(said[0].address, "CANCELLAMI", sent_at=now - timedelta(days=day)))
            arrivals.receive(Batch(esempio.pk, sender.pk, said, "whatsapp"))
        set_price(esempio, "0.0795")
        make_template(
            sender,
            "arengo_notizie_due_con_foto",
            components=[
                {"type": "BODY", "text": "*{{1}}*\n\n{{2}}\n{{3}}"},
                {"type": "FOOTER", "text": "Per cancellarti scrivi CANCELLAMI"},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "CANCELLAMI"}]},
            ],
        )
        marked_journal(sender, "entry[0].changes[0].value.messages[2]: a text without its body")
    return esempio


def _places() -> dict[str, str]:
    identity = Identity.objects.filter(subscription__active=True).order_by("pk")[0]
    consent = Consent.objects.order_by("pk")[0]
    sender = Sender.objects.get()
    return {
        "subscribers": reverse("audience:subscribers"),
        "people": reverse("audience:people") + "?dal=2026-01-01",
        "export_people": reverse("audience:export_people") + "?come=message",
        "citizen": reverse("audience:citizen", args=[identity.contact_id]),
        "proof": reverse("audience:proof", args=[consent.pk]),
        "policy": reverse("audience:policy", args=[consent.policy_id]),
        "home": reverse("settings:home"),
        "organization": reverse("settings:organization"),
        "list": reverse("settings:list"),
        "automatic": reverse("settings:automatic"),
        "policies": reverse("settings:policies"),
        "policy_new": reverse("settings:policy_new", args=["rules"]),
        "senders": reverse("settings:senders"),
        "sender": reverse("settings:sender", args=[sender.pk]),
        "templates": reverse("settings:templates"),
        "prices": reverse("settings:prices"),
        "staff": reverse("settings:staff"),
        "member": reverse("settings:member", args=[Membership.objects.order_by("-pk")[0].pk]),
        "log": reverse("settings:log"),
        "unread": reverse("settings:unread"),
        "status": reverse("settings:status"),
    }


ISCRITTI = ["subscribers", "people", "export_people", "citizen", "proof", "policy"]
IMPOSTAZIONI = [
    "home",
    "organization",
    "list",
    "automatic",
    "policies",
    "policy_new",
    "senders",
    "sender",
    "templates",
    "prices",
    "staff",
    "member",
    "log",
    "unread",
    "status",
]
PAGES = [*ISCRITTI, *IMPOSTAZIONI]


@pytest.mark.parametrize("size", WIDTHS)
def test_every_page_is_good(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    with organization_scope(town):
        places = _places()
    page = visit(f"{live_server.url}/console/impostazioni/", size, sign_in=alice)
    for name in PAGES:
        page.goto(f"{live_server.url}{places[name]}")
        # In the dark at one width: what differs are colours.
        for shade in shades(page) if size == WIDE else ["light"]:
            keep(page, f"{name}-{size[0]}-{shade}")
            assert_good(page)


def test_an_empty_town_is_taught_what_to_do(
    esempio: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/", NARROW, sign_in=alice)
    for name in (
        "audience:subscribers",
        "audience:people",
        "settings:senders",
        "settings:templates",
        "settings:prices",
        "settings:unread",
    ):
        page.goto(f"{live_server.url}{reverse(name)}")
        keep(page, f"empty-{name.replace(':', '-')}")
        assert_good(page)


@pytest.mark.parametrize("size", WIDTHS)
def test_people_are_found_while_one_types(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/persone/", size, sign_in=alice)
    page.get_by_label("Cerca una persona").press_sequentially("empio an", delay=20)
    page.locator("#people-said", has_text="persone per").wait_for(state="attached")
    page.locator("mark").first.wait_for()
    assert page.get_by_label("Cerca una persona").input_value() == "empio an"
    assert page.url.endswith("/persone/")  # what is looked for stands in no address
    for shade in shades(page):
        keep(page, f"people-found-{size[0]}-{shade}")
        assert_good(page)
    page.get_by_label("Cerca una persona").fill("")
    page.get_by_text("Filtra, o vai a una data").wait_for()
    page.get_by_label("Cerca una persona").fill("nessuno così")
    page.get_by_text("Nessuna persona per").first.wait_for()
    keep(page, f"people-nobody-{size[0]}")
    assert_good(page)


def test_the_list_goes_on_and_is_filtered_without_losing_its_place(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/persone/", WIDE, sign_in=alice)
    assert page.locator("tbody tr").count() == 50
    page.get_by_role("link", name="Altre persone").click()
    page.wait_for_url("**dopo=**")
    assert 0 < page.locator("tbody tr").count() < 50
    page.get_by_text("Filtra, o vai a una data").click()
    page.get_by_label("Come si sono iscritti").select_option("import")
    page.get_by_role("button", name="Mostra").click()
    page.get_by_text("Con questi filtri non c’è nessuno").wait_for()
    keep(page, "people-filtered")
    assert_good(page)
    page.get_by_role("link", name="iscritti con un elenco").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("tbody tr").count() == 50


def test_a_citizen_is_found_and_unsubscribed_by_keyboard(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/persone/", NARROW, sign_in=alice)
    page.get_by_label("Cerca una persona").fill("333 0001 000")
    page.keyboard.press("Enter")
    page.get_by_text("1 persona per").first.wait_for()
    page.locator("tbody").get_by_role("link").press("Enter")
    page.wait_for_url("**/console/iscritti/*/")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Cancella l’iscrizione").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    keep(page, "unsubscribe-dialog")
    assert_good(page)
    page.get_by_role("dialog").get_by_role("button", name="Cancella l’iscrizione").press("Enter")
    page.get_by_text("Iscrizione cancellata").wait_for()
    assert "3330001000" not in page.url


def test_the_question_before_leaving_stands_in_the_middle(
    visit: Visiting, live_server: LiveServer, town: Organization, alice: Person
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/persone/", sign_in=alice)
    page.get_by_role("link", name="Anna Esempio").first.click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Cancella l’iscrizione").click()
    box = page.locator("dialog[open]").bounding_box()
    assert box is not None
    above, below = box["y"], 900 - box["y"] - box["height"]
    assert abs(above - below) < 20


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (NARROW, False), (NARROW, True)])
def test_a_changed_address_asks_for_its_secrets_beside_each(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size, dark: bool
) -> None:
    with organization_scope(town):
        place = _places()["sender"]
    page = visit(f"{live_server.url}{place}", size, sign_in=alice, dark=dark)
    page.get_by_label("Nome", exact=True).fill("Il nome nuovo")
    page.get_by_label("Indirizzo del fornitore").fill("https://altro.example.test")
    page.get_by_role("button", name="Salva").first.click()
    page.get_by_text("L’indirizzo del fornitore è cambiato").first.wait_for()
    assert page.get_by_text("inserire quello di altro.example.test").count() >= 3
    assert page.get_by_label("Nome", exact=True).input_value() == "Il nome nuovo"
    keep(page, f"sender-moved-{size[0]}{'-dark' if dark else ''}")
    page.errors.clear()  # type: ignore[attr-defined]  # the 422 that this page is
    assert_good(page)


def test_a_wrong_list_says_where_it_is_wrong(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/impostazioni/lista/", WIDE, sign_in=alice)
    page.get_by_label("Parole per cancellarsi").fill("ISCRIVIMI")
    page.get_by_role("button", name="Salva").click()
    page.get_by_text("è anche fra le parole per iscriversi").wait_for()
    keep(page, "list-wrong")
    page.errors.clear()  # type: ignore[attr-defined]  # Chromium reports the 422 of a refused form
    assert_good(page)


def test_an_invitation_shows_its_link_where_no_mail_leaves(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, settings: Any
) -> None:
    settings.EMAIL_LEAVES = False
    page = visit(f"{live_server.url}/console/impostazioni/personale/", NARROW, sign_in=alice)
    page.get_by_label("Nome e cognome").fill("Nora Esempio")
    page.get_by_label("E-mail di lavoro").fill("nora@esempio.test")
    page.get_by_label("Operatore").check()
    page.get_by_role("button", name="Invita").click()
    page.get_by_text("entra come questa persona").wait_for()
    keep(page, "invited")
    assert_good(page)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_an_erased_person_leaves_a_page_that_says_when(
    town: Organization, alice: Person, live_server: LiveServer, visit: Visiting, size: Size
) -> None:
    with organization_scope(town):
        consent = Consent.objects.exclude(identity=None).earliest("pk")
        contact = consent.identity.contact
        privacy.erase(contact, by=alice)
    citizen = reverse("audience:citizen", args=[contact.pk])
    page = visit(f"{live_server.url}{citizen}", size, sign_in=alice)
    page.get_by_text("sparisce con il lavoro della notte").wait_for()
    for shade in shades(page):
        keep(page, f"erased-{size[0]}-{shade}")
        assert_good(page)
    Erasure.unscoped.update(obstacles=["large:delivery_delivery", "snapshot"])
    page.goto(f"{live_server.url}{citizen}")
    page.get_by_text("una tabella è troppo grande").wait_for()
    for shade in shades(page):
        keep(page, f"erased-not-yet-{size[0]}-{shade}")
        assert_good(page)
    Erasure.unscoped.update(gone_at=timezone.now(), obstacles=[])
    page.goto(f"{live_server.url}{citizen}")
    page.get_by_text("Sparito anche dai file").wait_for()
    for shade in shades(page):
        keep(page, f"erased-gone-{size[0]}-{shade}")
        assert_good(page)
    page.goto(f"{live_server.url}{reverse('audience:proof', args=[consent.pk])}")
    page.get_by_text("distrutta con la chiave").wait_for()
    for shade in shades(page):
        keep(page, f"erased-proof-{size[0]}-{shade}")
        assert_good(page)
