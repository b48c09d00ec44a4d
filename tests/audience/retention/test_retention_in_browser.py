# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An administrator looks at what goes, keeps messages for less, thinks better of it, and holds somebody's data. In real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Contact
from arengo.audience.retention.models import Hold
from arengo.core.console import retention
from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.core.retention import periods
from arengo.core.retention.models import RetentionRun
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.desk.models import Message
from tests.factories.audience import ANNA, BRUNO, known, message
from tests.factories.retention import night
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, shades, visit
from tests.support.in_browser import illustrate, keep

__all__ = ["chromium", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def anna(esempio: Organization, sender: Sender) -> Iterator[Contact]:
    """She wrote 200 days ago; some nights went by."""
    create_defaults(esempio)
    now = timezone.now()
    with organization_scope(esempio):
        with transaction.atomic():
            said = [message(ANNA, f"Il lampione {n}", name="Anna Esempio", sent_at=now) for n in range(40)]
            said += [message(BRUNO, "Buche", name="Bruno Esempio", sent_at=now) for _n in range(3)]
            arrivals.receive(Batch(esempio.pk, sender.pk, said, "whatsapp"))
        Message.objects.filter(text__startswith="Il lampione").update(sent_at=now - timedelta(days=200))
        Message.objects.filter(text="Buche").update(sent_at=now - timedelta(days=400))
        night(esempio, "desk.messages")
        for rule, gone in (("desk.files", 207), ("delivery.mailings", 1118), ("intake.webhooks", 598)):
            RetentionRun.objects.create(rule=rule, began_at=now, gone=gone)
        Message.objects.filter(text="Il lampione 1").update(sent_at=now - timedelta(days=366))
        yield known(ANNA).contact


def _good_everywhere(page: Page, name: str) -> None:
    """At both widths, light and dark."""
    for size in (NARROW, WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for shade in shades(page):
            keep(page, f"retention-{name}-{size[0]}-{shade}")
            assert_good(page)


def test_a_shorter_period_is_looked_at_chosen_and_taken_back(
    anna: Contact, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    rule = retention.rule("desk.messages")
    page = visit(f"{live_server.url}/console/iscritti/conservazione/", WIDE, sign_in=alice)
    page.get_by_text("se ne va 1 cosa").wait_for()
    _good_everywhere(page, "page")
    page.get_by_text("Il resto: tempi che non si scelgono").press("Enter")
    page.get_by_text("È il tempo in cui si può annullare.").first.wait_for()
    _good_everywhere(page, "fixed")

    page.get_by_role("row", name="Messaggi dello Sportello").get_by_role("link").press("Enter")
    title = page.get_by_role("heading", name="Quanto si tiene: Messaggi dello Sportello")
    expect(title).to_be_focused()
    _good_everywhere(page, "choose")
    page.get_by_label("Si tiene", exact=True).select_option("180")
    page.get_by_role("button", name="Guarda che cosa cambia").press("Enter")
    page.get_by_text("Se ne vanno 39 in più").wait_for()
    assert periods.of(rule).next_days is None
    _good_everywhere(page, "shorter")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    illustrate(page, "iscritti-conservazione")
    page.get_by_role("button", name="Tieni 6 mesi").press("Enter")
    page.get_by_text("si tiene 6 mesi: fino ad allora puoi ripensarci").wait_for()
    assert (periods.of(rule).days, periods.of(rule).next_days) == (365, 180)
    _good_everywhere(page, "coming")
    page.get_by_role("button", name="Lascia 12 mesi").press("Enter")
    page.get_by_text("Resta 12 mesi.").wait_for()
    assert periods.of(rule).next_days is None


def test_a_citizens_data_are_held_from_the_card_and_released(
    anna: Contact, alice: Person, live_server: LiveServer, visit: Visiting
) -> None:
    page = visit(f"{live_server.url}/console/iscritti/{anna.pk}/", WIDE, sign_in=alice)
    page.get_by_role("link", name="Blocca la cancellazione dei suoi dati").press("Enter")
    page.get_by_role("heading", name="Blocca la cancellazione dei suoi dati").wait_for()
    _good_everywhere(page, "hold")
    page.get_by_label("Perché").fill("Causa 4417/2026, via Fornace")
    page.get_by_label("Ultimo giorno").fill("2020-01-01")
    page.get_by_role("button", name="Blocca", exact=True).press("Enter")
    page.get_by_text("non può essere passato").first.wait_for()
    page.errors.clear()  # type: ignore[attr-defined]  # that the form was refused is no error of the page
    assert page.get_by_label("Perché").input_value() == "Causa 4417/2026, via Fornace"
    _good_everywhere(page, "hold-refused")
    page.get_by_label("Ultimo giorno").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Blocca", exact=True).press("Enter")
    page.get_by_text("niente di questa persona si cancella da solo").first.wait_for()
    _good_everywhere(page, "card")
    page.goto(f"{live_server.url}/console/iscritti/conservazione/")
    page.get_by_text("Causa 4417/2026, via Fornace").first.wait_for()
    page.get_by_text("1 blocco ne trattiene 1").wait_for()
    _good_everywhere(page, "held")
    page.get_by_role("button", name="Togli il blocco").press("Enter")
    page.get_by_text("Blocco tolto").wait_for()
    assert Hold.objects.get().ended_by == alice
