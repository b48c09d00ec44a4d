# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator keeps topics and quarters in a real browser, on the desk and on a phone, and changes what a citizen receives."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience import frequencies
from arengo.audience.answers import CHOICES
from arengo.audience.defaults import create_defaults
from arengo.audience.frequencies import Frequency
from arengo.audience.models import Quarter, Subscription, Topic
from arengo.audience.topics import usage
from arengo.audience.topics.usage import Usage
from arengo.core import automatic
from arengo.core.models import Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from tests.factories.audience import citizen, subscribe
from tests.factories.delivery import set_price
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _good_everywhere(page: Page, name: str) -> None:
    """At both widths; in the dark at one of them."""
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page) if size == WIDE else ["light"]:
            keep(page, f"topics-{name}-{size[0]}-{shade}")
            assert_good(page)


def _a_town(esempio: Organization, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Subscription:
    """Some sixty on the list, of whom most chose; quarters, a season, a price, and updates of the last months."""
    create_defaults(esempio)
    subscribe(esempio, sender, 60)
    with organization_scope(esempio):
        set_price(esempio, "0.0795")
        automatic.switch([CHOICES], on=True)
        beaches = Topic.objects.create(
            organization=esempio,
            name="Spiagge",
            words=["mare", "bagni", "balneazione"],
            season_from="06-01",
            season_to="09-15",
            position=9,
        )
        quarters = [
            Quarter.objects.create(organization=esempio, name=name, words=words, position=place)
            for place, (name, words) in enumerate(
                (
                    ("Centro", ["centro storico", "città vecchia"]),
                    ("Borgo", ["borgo nuovo"]),
                    ("San Martino", []),
                )
            )
        ]
        topics = list(Topic.in_use())
        for number, one in enumerate(Subscription.objects.order_by("pk")):
            if number % 5:
                one.topics.set([topics[number % 6], topics[number % 4]])
            if number % 3:
                one.quarters.set([quarters[number % 3]])

        def source(since: object) -> Usage:
            found = Usage(category="marketing")
            found.topics.update({topic.pk: 12 - 2 * place for place, topic in enumerate(topics[:4])})
            return found

        monkeypatch.setattr(usage, "_sources", [source])
        anna: Subscription = Subscription.objects.create(
            organization=esempio,
            identity=citizen("Anna Esempio", phone="+393339990001"),
            sender_id=sender.pk,
            since=timezone.now(),
        )
        anna.topics.set([beaches])
    return anna


def test_keeping_topics_and_quarters_illustrates_the_manual(
    esempio: Organization,
    sender: Sender,
    alice: Person,
    live_server: LiveServer,
    visit: Visiting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _a_town(esempio, sender, monkeypatch)
    page = visit(f"{live_server.url}/console/iscritti/", WIDE, sign_in=alice)
    page.get_by_role("link", name="Temi e quartieri").first.click()
    page.get_by_role("heading", name="Temi e quartieri").wait_for()
    _good_everywhere(page, "1-list")

    page.get_by_role("link", name="Aggiungi un tema").click()
    page.get_by_label("Nome").fill("Éventi")
    page.get_by_label("Come lo chiamano").fill("feste di piazza\nmercatini")
    page.get_by_label("Offerto dal").fill("31/2")
    page.get_by_role("button", name="Salva").press("Enter")
    page.get_by_text("è già di").first.wait_for()
    page.errors.clear()  # type: ignore[attr-defined]  # that the form was refused is no error of the page
    assert page.get_by_label("Come lo chiamano").input_value() == "feste di piazza\nmercatini"
    _good_everywhere(page, "2-refused")
    page.get_by_label("Nome").fill("Lavori in corso")
    page.get_by_label("Offerto dal").fill("")
    page.get_by_role("button", name="Salva").press("Enter")
    page.get_by_text("«Lavori in corso» aggiunto.").wait_for()

    page.get_by_role("link", name="Cambia Eventi").click()
    _good_everywhere(page, "3-one")
    page.get_by_role("link", name="Unisci…").click()
    page.get_by_label("In quale tema confluisce").select_option("Viabilità")
    page.get_by_role("button", name="Vedi quante persone").press("Enter")
    page.get_by_text("riceveranno più avvisi").wait_for()
    _good_everywhere(page, "4-merge")
    page.get_by_role("button", name="Unisci in Viabilità").press("Enter")
    page.get_by_text("«Eventi» è ora in «Viabilità»:").wait_for()
    _good_everywhere(page, "5-merged")
    page.set_viewport_size({"width": 1280, "height": 800})
    illustrate(page, "iscritti-temi")
    page.get_by_role("button", name="Annulla").first.press("Enter")
    page.get_by_role("dialog").wait_for()
    assert_good(page)
    page.get_by_role("dialog").get_by_role("button", name="Torna a com’era").press("Enter")
    page.get_by_text("«Eventi» è di nuovo com’era.").wait_for()

    page.get_by_role("link", name="Cambia Spiagge").click()
    page.get_by_role("link", name="Togli…").click()
    page.get_by_text("aveva scelto solo questo").or_(
        page.get_by_text("avevano scelto solo questo")
    ).wait_for()
    _good_everywhere(page, "6-remove")
    page.get_by_label("Nient’altro: solo gli avvisi per tutti e le allerte").check()
    page.get_by_role("button", name="Togli il tema").press("Enter")
    page.get_by_text("«Spiagge» è tolto.").wait_for()
    with organization_scope(esempio):
        assert not Topic.in_use().filter(name="Spiagge").exists()
        alone = Subscription.objects.get(identity__contact__name="Anna Esempio")
        assert [topic.name for topic in alone.topics.all()] == ["Spiagge"]  # and not everything


def test_what_a_citizen_receives_is_changed_at_their_request(
    esempio: Organization,
    sender: Sender,
    alice: Person,
    live_server: LiveServer,
    visit: Visiting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frequencies, "_registered", {})
    frequencies.register(Frequency("digests", "Solo il riepilogo", "solo con il riepilogo"))
    anna = _a_town(esempio, sender, monkeypatch)
    with organization_scope(esempio):
        contact = anna.identity.contact_id
    page = visit(f"{live_server.url}/console/iscritti/{contact}/", WIDE, sign_in=alice)
    page.get_by_role("link", name="Cambia che cosa riceve").click()
    page.get_by_label("Viabilità").check()
    page.get_by_label("Spiagge").uncheck()
    page.get_by_label("Borgo").check()
    page.get_by_label("Solo il riepilogo").check()
    page.get_by_role("button", name="Salva, su sua richiesta").press("Enter")
    page.get_by_text("Scegli come la persona lo ha chiesto").first.wait_for()
    page.errors.clear()  # type: ignore[attr-defined]  # that the form was refused is no error of the page
    assert page.get_by_label("Borgo").is_checked()
    _good_everywhere(page, "7-choose")
    page.get_by_label("Al telefono").check()
    page.get_by_label("Parole o riferimento").fill("Vuole sapere delle strade, nel suo quartiere")
    page.get_by_role("button", name="Salva, su sua richiesta").press("Enter")
    page.get_by_text("Riceve Viabilità del quartiere Borgo, solo con il riepilogo, su WhatsApp.").wait_for()
    _good_everywhere(page, "8-card")
