# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the first warning to the end of a block, by an operator and an administrator; a redirect, and what came by mistake."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Organization, Person
from arengo.desk.blocks.models import Block, BlockSettings
from arengo.desk.blocks.rules import Rule
from arengo.desk.models import Conversation, Message
from arengo.desk.redirects import verbs as redirects
from arengo.desk.redirects.models import Redirected
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.desk import said
from tests.factories.house_rules import block
from tests.support.browser_kit import NARROW, WIDE, WIDTHS, Size, Visiting, assert_good, shades
from tests.support.in_browser import illustrate, keep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rude(write: Writes, conversation: Conversation, anna: Identity) -> Conversation:
    write(said(anna, "Siete degli incapaci, tu per prima"), said(anna, "Allora?"))
    return conversation


def choose(page: Page, *, step: str) -> None:
    page.get_by_role("radio", name="Niente offese").check()
    page.get_by_role("checkbox").nth(1).check()
    page.get_by_role("button", name=step).click()


def good_in_both(page: Page, name: str) -> None:
    for shade in shades(page):
        assert_good(page)
        keep(page, f"{name}-{shade}")


@pytest.mark.parametrize("size", WIDTHS)
def test_warned_twice_blocked_confirmed_and_unblocked(
    visit: Visiting,
    live_server: LiveServer,
    rude: Conversation,
    rule: Rule,
    olga: Person,
    alice: Person,
    size: Size,
) -> None:
    BlockSettings.objects.update(confirm=True)
    address = f"{live_server.url}/console/sportello/{rude.pk}/regole/"
    page = visit(address, size, sign_in=olga)
    expect(page.get_by_text("Siete degli incapaci")).to_be_hidden()
    expect(page.locator("#no-rule")).to_be_visible()
    page.get_by_role("radio", name="Niente offese").check()
    expect(page.locator(".rules-preview:visible")).to_contain_text("È il primo richiamo")
    page.get_by_text("Mostra le parole").nth(1).click()
    expect(page.get_by_text("Siete degli incapaci")).to_be_visible()
    good_in_both(page, f"rules-warn-{size[0]}")
    choose(page, step="Invia il primo richiamo")
    expect(page.locator(".messages, [role=status]").first).to_contain_text("Richiamo inviato")
    page.goto(address)
    page.get_by_role("radio", name="Niente offese").check()
    page.get_by_text("Cambia le parole").click()
    expect(page.locator("#words")).to_have_value(re.compile("È il secondo richiamo"))
    choose(page, step="Invia il secondo richiamo")
    page.goto(address)
    expect(page.locator("#rules-cancel")).to_be_focused()
    expect(page.get_by_text("Serve la conferma di un amministratore")).to_be_visible()
    page.get_by_label("Perché").fill("Continua a offendere.")
    page.get_by_role("radio", name="Niente offese").check()
    good_in_both(page, f"rules-block-{size[0]}")
    if size == WIDE:
        illustrate(page, "sportello-blocco")
    choose(page, step="Chiedi di bloccare")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Richiesta di bloccare")
    good_in_both(page, f"rules-asked-{size[0]}")
    page = visit(f"{live_server.url}/console/sportello/bloccati/", size, sign_in=alice)
    expect(page.get_by_role("heading", level=2).first).to_contain_text("Olga Esempio chiede di bloccare")
    good_in_both(page, f"blocked-asked-{size[0]}")
    page.get_by_role("button", name="Blocca Anna Esempio", exact=True).click()
    expect(page.get_by_role("row", name="Anna Esempio")).to_be_visible()
    assert Block.objects.get().in_force
    good_in_both(page, f"blocked-{size[0]}")
    page.get_by_role("button", name="Sblocca").click()
    page.get_by_role("button", name="Sì, sblocca").click()
    expect(page.get_by_role("heading", name="Nessuno è bloccato")).to_be_visible()
    assert not Block.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_long_and_arabic_names_and_a_conversation_of_somebody_blocked(
    visit: Visiting,
    live_server: LiveServer,
    write: Writes,
    scope: Organization,
    rule: Rule,
    olga: Person,
    size: Size,
) -> None:
    for name in ("محمد المثال الثاني", "Pubblicità Dimostrativa Senza Fine S.r.l.s. unipersonale " * 2):
        one = citizen(name[:100])
        write(said(one, "Compra"))
        made = block(Conversation.objects.get(identity=one), rule, olga)
    page = visit(f"{live_server.url}/console/sportello/bloccati/", size, sign_in=olga)
    assert_good(page)
    keep(page, f"blocked-names-{size[0]}")
    page.goto(f"{live_server.url}/console/sportello/{made.conversation_id}/?lista=bloccate")
    expect(page.locator("#place-blocked")).to_contain_text("Questo cittadino è bloccato fino al")
    assert_good(page)
    keep(page, f"blocked-conversation-{size[0]}", full_page=False)
    page.goto(f"{live_server.url}/console/sportello/bloccati/{made.pk}/")
    assert_good(page)
    keep(page, f"blocked-evidence-{size[0]}")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_one_press_redirects_and_a_mistake_is_erased(
    visit: Visiting,
    live_server: LiveServer,
    scope: Organization,
    rude: Conversation,
    alice: Person,
    olga: Person,
    size: Size,
) -> None:
    redirects.set_link(scope, "https://segnala.esempio.test/", by=alice)
    page = visit(f"{live_server.url}/console/sportello/{rude.pk}/", size, sign_in=olga)
    if size == NARROW:
        page.locator("#citizen-button").click()
    page.get_by_text("Rimanda alle segnalazioni").click()
    assert_good(page)
    keep(page, f"redirects-{size[0]}", full_page=False)
    page.get_by_role("button", name="Illuminazione pubblica").click()
    expect(page.locator(".desk-out .desk-bubble").last).to_contain_text("segnala.esempio.test")
    assert Redirected.objects.count() == 1
    wrong = Message.objects.get(text="Allora?")
    page.goto(f"{live_server.url}/console/sportello/messaggi/{wrong.pk}/cancella-subito/")
    assert_good(page)
    keep(page, f"mistake-{size[0]}")
    page.get_by_role("button", name="Sì, cancella subito").click()
    expect(page.locator(f"#m-{wrong.pk}")).to_contain_text("Ricevuto per errore: cancellato da Olga")
    assert_good(page)
    keep(page, f"mistake-gone-{size[0]}", full_page=False)
