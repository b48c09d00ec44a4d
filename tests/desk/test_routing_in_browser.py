# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A conversation that another responder has, and one with edited and deleted messages, before an operator's eyes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.events import Batch
from arengo.core.models import Organization, Person, Role
from arengo.delivery.models import Sender
from arengo.delivery.timeline.beginning import ALARM
from arengo.desk import routing
from arengo.desk.models import Conversation
from arengo.intake import responders
from arengo.platforms.contract import HandedOver, Nature, Refusal, Remedy
from tests.desk.road import Writes
from tests.factories.core import member
from tests.factories.desk import said
from tests.support.browser_kit import NARROW, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(write: Writes, anna: Identity, scope: Organization, sender: Sender) -> Conversation:
    """Anna wrote to us, changed and took back some of it; then another responder came."""
    start = timezone.now() - timedelta(minutes=40)

    def at(minutes: int) -> dict[str, object]:
        return {"sent_at": start + timedelta(minutes=minutes)}

    write(said(anna, "C’è un lampione rotto in via Milano", message_id="wamid.L", **at(0)))
    write(said(anna, "C’è un lampione rotto in via Roma", nature=Nature.EDIT, about="wamid.L", **at(1)))
    write(said(anna, "sbagliato", message_id="wamid.M", **at(2)))
    write(said(anna, "", kind="unsupported", nature=Nature.DELETION, about="wamid.M", **at(3)))
    write(said(anna, "È davanti al numero 12, di sera non si vede niente", copy=True, **at(11)))
    answer = "Ciao! Sono l’assistente virtuale 🤖 Come posso aiutarti oggi?"
    write(said(anna, answer, nature=Nature.ECHO, copy=True, **at(12)))
    write(said(anna, "Vorrei parlare con una persona", copy=True, **at(13)))
    event = HandedOver(anna.address, False, start + timedelta(minutes=10))
    responders.handed_over(Batch(scope.pk, sender.pk, [event]))
    conversation: Conversation = Conversation.objects.get()
    return conversation


@pytest.mark.parametrize("size", WIDTHS)
def test_what_another_responder_has_is_readable_by_all(
    visit: Visiting, live_server: LiveServer, olga: Person, held: Conversation, size: Size
) -> None:
    for path, name in (
        (f"{held.pk}/", "held"),
        ("altro-risponditore/", "responder"),
    ):
        page = visit(f"{live_server.url}/console/sportello/{path}", size, sign_in=olga)
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-banner]")).to_be_visible()
        for shade in shades(page):
            keep(page, f"{name}-{size[0]}-{shade}", full_page=False)
            assert_good(page)


def test_a_refusal_to_give_it_back_is_said_beside_the_button(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    held: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise Refusal(Remedy.NEVER, code=2494191, title="no")

    monkeypatch.setattr(routing, "call", refuse)
    page = visit(f"{live_server.url}/console/sportello/{held.pk}/", WIDTHS[0].values[0], sign_in=olga)
    page.get_by_role("button", name="Riprendi la conversazione").click()
    expect(page.locator("#take-back-refused")).to_contain_text("ultimo responsabile")
    page.get_by_text(re.compile("modificato alle .* prima")).click()
    expect(page.get_by_text("via Milano")).to_be_visible()
    keep(page, "held-refused", full_page=False)
    assert_good(page)


def test_a_conversation_taken_back_can_be_written_in(
    visit: Visiting,
    live_server: LiveServer,
    olga: Person,
    held: Conversation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(routing, "call", lambda *_args, **_options: None)
    page = visit(f"{live_server.url}/console/sportello/{held.pk}/", WIDTHS[1].values[0], sign_in=olga)
    page.get_by_role("button", name="Riprendi la conversazione").click()
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#place-held")).to_have_count(0)


def test_two_banners_leave_a_phone_to_the_conversation(
    visit: Visiting, live_server: LiveServer, esempio: Organization, held: Conversation
) -> None:
    both = member(esempio, "ada@esempio.test", "Ada Esempio", Role.ADMINISTRATOR, Role.OPERATOR)
    Organization.objects.update(alarms=[ALARM])
    page = visit(f"{live_server.url}/console/sportello/{held.pk}/", NARROW, sign_in=both)
    expect(page.locator("[data-banner]")).to_have_count(2)
    keep(page, "two-banners-360", full_page=False)
    for words in (
        "Banca dati tornata indietro: la coda aspetta.",
        "Qualcun altro risponde da questo numero.",
    ):
        expect(page.get_by_text(words)).to_be_visible()
    for name in ("Guarda e decidi", "Che cosa fare"):
        expect(page.locator("#console-banners").get_by_role("link", name=name)).to_be_visible()
    height = page.locator("#console-banners").evaluate("one => one.getBoundingClientRect().height")
    assert height < NARROW[1] / 6
    expect(page.locator(".console-tabs")).to_be_hidden()
    expect(page.get_by_role("link", name="Indietro")).to_be_visible()
    assert_good(page)
    page.get_by_role("link", name="Indietro").click()
    expect(page.locator(".console-tabs")).to_be_visible()
