# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Impostazioni → Modelli: one row a purpose, for administrators and auditors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization, Person, Role
from arengo.delivery.models import Delivery, MessageTemplate, Outbox, Sender
from arengo.delivery.queue import outbox
from arengo.delivery.templates import administration, filling
from arengo.delivery.templates.fitting import fitting
from arengo.delivery.templates.presets import Preset, registered
from arengo.platforms.contract import Address, Refusal, Remedy
from tests.factories.core import STRANGER_HOST, member
from tests.factories.delivery import Keeps, made_up, set_price

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
PAGE = "/console/impostazioni/modelli/"


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    create_defaults(scope)
    return scope


def words(page: str) -> str:
    return " ".join(page.split())


def test_what_a_room_registers_appears_and_can_be_sent(
    town: Organization, preset: Preset, keeps: Keeps, sender: Sender, alice: Person, browse: Browse
) -> None:
    page = browse(alice).get(PAGE).text
    assert "Prestito della biblioteca" in page
    assert "A chi ha un libro in scadenza." in page
    keeps(preset)
    opened = browse(alice).get(f"{PAGE}?apri=library").text
    assert "aspetta il libro I promessi sposi entro" in words(opened)
    assert "Prolunga" in opened
    template = fitting(preset, sender)
    assert isinstance(template, MessageTemplate)
    message = filling.message(preset, template, {"titolo": "Zeno"})
    outbox.enqueue(sender, Address(phone="+393330000001"), message, price_category="utility")
    assert Outbox.objects.get().delivery == Delivery.objects.get()


def test_the_rooms_purposes_stand_in_their_order(town: Organization, alice: Person, browse: Browse) -> None:
    page = browse(alice).get(PAGE).text
    places = [
        page.index(title) for title in ("Notizie flash", "Riaprire una conversazione", "Chiedere di nuovo")
    ]
    assert places == sorted(places)
    assert "0 su 8" in words(page)
    assert "Presenta a Meta i 21 che mancano" in words(page)


def test_plain_words_stand_before_metas_own(
    town: Organization, preset: Preset, keeps: Keeps, alice: Person, browse: Browse
) -> None:
    keeps(preset)
    set_price(town, "0.0275", category="utility")
    page = words(browse(alice).get(PAGE).text)
    assert 'Servizio <span class="template-meta">UTILITY</span>' in page
    assert "€\N{NO-BREAK SPACE}0,0275" in browse(alice).get(PAGE).text


def test_one_that_meta_moved_shows_the_price_that_is_paid(
    town: Organization, preset: Preset, keeps: Keeps, alice: Person, browse: Browse
) -> None:
    keeps(preset, category="MARKETING")
    page = words(browse(alice).get(f"{PAGE}?apri=library").text)
    assert "Cambiato tipo" in page
    assert "Meta considera «arengo_prestito» come Promozione" in page


def test_one_whose_words_changed_is_said_and_has_its_button(
    town: Organization, preset: Preset, keeps: Keeps, sender: Sender, alice: Person, browse: Browse
) -> None:
    template = keeps(preset)
    template.components[0]["text"] = "Altre parole: aspettiamo il libro {{titolo}} entro il termine."
    template.save()
    page = words(browse(alice).get(PAGE).text)
    assert "«Prestito della biblioteca» è da rifare" in page
    assert "funziona, ma dice altre parole" in page
    opened = browse(alice).get(f"{PAGE}?apri=library").text
    assert f'action="{PAGE}{sender.pk}/library_due/rifai/"' in opened
    assert "Altre parole: aspettiamo il libro I promessi sposi" in words(opened)


def test_it_is_made_anew_by_a_press(
    town: Organization,
    preset: Preset,
    keeps: Keeps,
    sender: Sender,
    alice: Person,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeps(preset)
    monkeypatch.setattr(administration, "call", lambda name, act, within=30.0: None)
    answer = browse(alice).post(f"{PAGE}{sender.pk}/library_due/rifai/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{PAGE}?apri=library"
    assert "presentato di nuovo a Meta" in words(answer.text)
    assert "In attesa di Meta" in answer.text


def test_a_no_of_the_platform_is_said_and_the_template_stays(
    town: Organization,
    preset: Preset,
    keeps: Keeps,
    sender: Sender,
    alice: Person,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeps(preset)

    def refuses(name: str, act: object, within: float = 30.0) -> None:
        raise Refusal(Remedy.NEVER, code=100, title="Invalid parameter", details="Only once in 24 hours.")

    monkeypatch.setattr(administration, "call", refuses)
    answer = browse(alice).post(f"{PAGE}{sender.pk}/library_due/rifai/", follow=True)
    assert "WhatsApp ha detto di no" in words(answer.text)
    assert "Only once in 24 hours." in answer.text
    assert MessageTemplate.objects.get(name="arengo_prestito").status == "APPROVED"


def test_a_preset_that_nobody_registered_is_not_found(
    town: Organization, sender: Sender, alice: Person, browse: Browse
) -> None:
    assert browse(alice).post(f"{PAGE}{sender.pk}/nobody/rifai/").status_code == 404


def test_an_auditor_reads_and_changes_nothing(
    town: Organization, preset: Preset, keeps: Keeps, sender: Sender, browse: Browse
) -> None:
    rita = member(town, "rita@esempio.test", "Rita Esempio", Role.AUDITOR)
    keeps(preset, status="REJECTED")
    opened = browse(rita).get(f"{PAGE}?apri=library")
    assert opened.status_code == 200
    assert "<form" not in opened.text.partition('id="templates"')[2].partition("</main>")[0]
    for path in ("aggiorna/", "crea/", "library_due/rifai/"):
        assert browse(rita).post(f"{PAGE}{sender.pk}/{path}").status_code == 403


def test_the_hub_of_the_settings_says_how_many_are_not_approved_yet(
    town: Organization, keeps: Keeps, alice: Person, browse: Browse
) -> None:
    home = "/console/impostazioni/"
    assert "21 non ancora approvati" in browse(alice).get(home).text
    for one in registered():
        keeps(one)
    page = browse(alice).get(home).text
    assert "tutti approvati" in page
    MessageTemplate.objects.filter(name="arengo_notizie_1").update(status="PAUSED")
    assert "1 non ancora approvato" in browse(alice).get(home).text


def test_a_stranger_finds_nothing(
    town: Organization, altrove: Organization, preset: Preset, sender: Sender, carlo: Person, browse: Browse
) -> None:
    here, at_home = browse(carlo), browse(carlo, host=STRANGER_HOST)
    assert here.get(PAGE).status_code == 404
    assert "Prima serve un mittente" in at_home.get(PAGE).text
    for path in ("aggiorna/", "crea/", "library_due/rifai/"):
        assert here.post(f"{PAGE}{sender.pk}/{path}").status_code == 404
        assert at_home.post(f"{PAGE}{sender.pk}/{path}").status_code == 404


def test_the_page_asks_the_database_as_often_for_many_templates_as_for_few(
    town: Organization,
    preset: Preset,
    keeps: Keeps,
    sender: Sender,
    alice: Person,
    browse: Browse,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(40):
        keeps(made_up(f"other_{number}", f"altro_{number}"))
    client = browse(alice)
    client.get(PAGE)
    with django_assert_max_num_queries(33):  # type: ignore[attr-defined]  # a context manager
        client.get(PAGE)
