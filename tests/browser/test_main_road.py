# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main road, end to end: the real demo in its own processes, real Chromium on both sides.

A citizen writes, an operator answers, a citizen joins and leaves the list, the town speaks. Nothing is replaced by a
stand-in but WhatsApp itself, which is the sandbox.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories.pictures import picture
from tests.support.browser_kit import assert_good
from tests.support.demo_world import World
from tests.support.in_browser import illustrate
from tests.support.waiting import until

pytestmark = [pytest.mark.processes, pytest.mark.browser]

ANNA, BRUNO, ELENA = "p1", "p2", "p5"  # Elena hides her number


@pytest.fixture(autouse=True)
def _tidy(world: World) -> Iterator[None]:
    yield
    world.close_pages()


def write(phone: Locator, text: str) -> None:
    phone.get_by_test_id("composer").fill(text)
    phone.get_by_test_id("send").click()


def test_the_desk_of_the_demo_illustrates_the_manual(world: World) -> None:
    """The pictures of docs/manuale/sportello.md: nobody has touched the sample desk yet."""
    home = f"{world.site}/console/sportello/"
    desk = world.sign_in("operatrice")
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(home)
    desk.locator("#others > summary").click()
    expect(desk.locator("#others").get_by_text("Da seguire oggi")).to_be_visible()
    illustrate(desk, "sportello-elenco")
    desk.goto(home)
    desk.get_by_text("Giulia Prova").first.click()
    photos = desk.get_by_role("log").locator("img")
    expect(photos).to_have_count(3)
    until(
        lambda: bool(photos.evaluate_all("all => all.every(image => image.complete && image.naturalWidth)"))
    )
    illustrate(desk, "sportello-conversazione")
    box = desk.locator("#composer-text")
    box.focus()
    desk.keyboard.type("/carta")
    expect(desk.locator("#replies-list [role=option]").first).to_be_visible()
    expect(desk.locator("#replies-text")).to_contain_text("carta d’identità")
    send = desk.get_by_role("button", name="Invia", exact=True).bounding_box()
    foot = desk.get_by_role("contentinfo").bounding_box()
    assert send
    assert foot
    assert send["y"] + send["height"] <= foot["y"], "the panel pushes «Invia» off the page"
    illustrate(desk, "sportello-risposte-pronte")
    desk.keyboard.press("Escape")
    box.fill("")
    desk.goto(home)
    desk.locator(".desk-state-menu > summary").click()
    desk.locator("#desk-state-emergency").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("in via straordinaria")
    illustrate(desk, "sportello-apertura-straordinaria")

    ada = world.sign_in("amministratrice")
    ada.set_viewport_size({"width": 1280, "height": 1000})
    ada.goto(f"{world.site}/console/impostazioni/orari/")
    expect(ada.get_by_role("heading", level=1)).to_contain_text("Orari dello sportello")
    illustrate(ada, "sportello-orari")

    public = world.page(world.site)
    public.goto(f"{world.site}/sportello/")
    expect(public.get_by_role("heading", level=1)).to_be_visible()
    illustrate(public, "sportello-pagina-pubblica")


def test_a_citizen_writes_and_an_operator_answers(world: World) -> None:
    desk = world.sign_in("operatrice")
    desk.goto(f"{world.site}/console/sportello/")
    phones = world.page(world.outside.url)
    anna = world.phone(phones, ANNA)

    write(anna, "Buongiorno, a che ora apre l'anagrafe?")
    row = desk.get_by_text("a che ora apre l'anagrafe?")
    expect(row.first).to_be_visible()  # without a reload
    row.first.click()
    expect(desk.get_by_role("heading", name="Anna Esempio")).to_be_visible()
    expect(desk.get_by_text(re.compile(r"rispondi entro \w+ \d+:\d\d"))).to_be_visible()

    desk.get_by_role("button", name="Prendi in carico").click()
    desk.get_by_label(re.compile("Scrivi|Risposta|Messaggio")).first.fill("Buongiorno! Apre alle 9:00.")
    desk.get_by_role("button", name="Invia", exact=True).click()
    expect(anna.get_by_text("Buongiorno! Apre alle 9:00.")).to_be_visible()
    # Anna has the chat open, so the ticks go to «read», live.
    expect(desk.get_by_role("log").get_by_text("letto").last).to_be_visible()
    assert_good(desk)


def test_photos_and_documents_go_both_ways(world: World) -> None:
    desk = world.sign_in("operatrice")
    phones = world.page(world.outside.url)
    bruno = world.phone(phones, BRUNO)
    write(bruno, "Vi mando la foto del cartello")
    bruno.get_by_test_id("attach").click()
    with phones.expect_file_chooser() as chooser:
        bruno.get_by_test_id("attach-photo").click()
    chooser.value.set_files(
        {"name": "cartello.jpg", "mimeType": "image/jpeg", "buffer": picture((640, 360), colour="seagreen")}
    )

    desk.goto(f"{world.site}/console/sportello/")
    desk.get_by_text("Bruno Campione").first.click()
    shown = desk.get_by_role("log").locator("img").first
    expect(shown).to_be_visible()
    until(
        lambda: bool(shown.evaluate("image => image.complete && image.naturalWidth > 0")),
        "the photo is broken",
    )

    for name, kind, content in (
        ("pianta.jpg", "image/jpeg", picture((640, 360), colour="steelblue")),
        ("modulo.pdf", "application/pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"),
    ):
        desk.locator("input[type=file]").first.set_input_files(
            {"name": name, "mimeType": kind, "buffer": content}
        )
        desk.get_by_role("button", name="Invia", exact=True).click()
        wanted = {"image/jpeg": "image", "application/pdf": "document"}[kind]
        expect(desk.get_by_role("log").locator("li").last).to_contain_text("Olga")
        until(lambda wanted=wanted: wanted in [m["type"] for m in world.heard(BRUNO)], f"no {wanted} arrived")  # type: ignore[misc]
    expect(bruno.locator("[data-testid=message][data-type=image] img").last).to_be_visible()
    expect(bruno.get_by_text("modulo.pdf")).to_be_visible()

    bruno.get_by_test_id("attach").click()
    with phones.expect_file_chooser() as chooser:
        bruno.get_by_test_id("attach-document").click()
    chooser.value.set_files(
        {"name": "domanda.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    expect(desk.get_by_role("log").get_by_text("domanda.pdf")).to_be_visible()


@pytest.mark.parametrize(
    "name", ["Nora Campione", "Elena Senzanumero"], ids=["with a number", "without a number"]
)
def test_a_citizen_joins_the_list_and_leaves_it(world: World, name: str) -> None:
    person = ELENA if name.startswith("Elena") else world.newcomer(name)
    phones = world.page(world.outside.url)
    phone = world.phone(phones, person)
    write(phone, "ISCRIVIMI")
    welcome = phone.get_by_test_id("message").last
    expect(welcome).to_contain_text("privacy")
    expect(welcome).to_contain_text("regole", ignore_case=True)
    expect(welcome).to_contain_text("CANCELLAMI")

    staff = world.sign_in("amministratrice")
    staff.goto(f"{world.site}/console/iscritti/persone/")
    staff.get_by_role("link", name=name).click()
    proof = staff.locator("main")
    expect(proof).to_contain_text("ISCRIVIMI")
    staff.get_by_role("link", name=re.compile("Vedi e stampa")).first.click()
    expect(proof).to_contain_text("wamid.")
    expect(proof).to_contain_text("ISCRIVIMI")
    assert_good(staff)

    before = len(world.heard(person))
    write(phone, "cancellami, grazie")
    until(lambda: len(world.heard(person)) == before + 1, "the leaving was not confirmed")
    staff.go_back()
    staff.reload()
    expect(proof).to_contain_text("cancellami, grazie")
    staff.goto(f"{world.site}/console/iscritti/persone/")
    expect(staff.get_by_role("link", name=name)).to_have_count(0)


def test_a_citizen_joins_chooses_changes_asks_for_their_data_and_leaves(world: World) -> None:
    tina = world.newcomer("Tina Esempio")
    phone = world.phone(world.page(world.outside.url), tina)
    answer = phone.get_by_test_id("message").last
    write(phone, "ISCRIVIMI BORGO")
    answer.get_by_role("button", name="Scegli").click()  # under the welcome
    phone.get_by_test_id("list-row").filter(has_text="Eventi").click()
    expect(answer).to_contain_text("Ricevi: Eventi. Quartiere: Borgo.")
    write(phone, "temi")
    expect(answer.get_by_role("button", name="Scegli")).to_be_visible()
    write(phone, "iscrivimi viabilità")
    write(phone, "cancellami eventi")
    expect(answer).to_contain_text("Ricevi: Viabilità. Quartiere: Borgo.")

    write(phone, "vorrei vedere i miei dati")
    link = phone.locator("a[href*='/miei/']").last
    own = world.page(world.site, width=360)
    own.goto(str(link.get_attribute("href")))
    own.get_by_role("button", name="Apri la mia pagina").click()
    expect(own.get_by_role("heading", name="La pagina di Tina Esempio")).to_be_visible()
    expect(own.get_by_text("Viabilità").first).to_be_visible()
    assert_good(own)
    with own.expect_download() as download:
        own.get_by_role("button", name="Scarica tutto").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert "iscrivimi viabilità" in archive.read("leggimi.html").decode()

    before = len(world.heard(tina))
    write(phone, "non voglio più ricevere niente, grazie")
    until(lambda: len(world.heard(tina)) == before + 1, "the leaving was not confirmed")
    own.goto(f"{world.site}/miei/")
    expect(own.get_by_role("button", name="Voglio ricevere gli avvisi")).to_be_visible()


def test_a_citizen_without_a_number_is_answered_like_everybody(world: World) -> None:
    phones = world.page(world.outside.url)
    elena = world.phone(phones, ELENA)
    write(elena, "Serve prenotare per la carta d'identità?")
    desk = world.sign_in("operatrice")
    desk.goto(f"{world.site}/console/sportello/")
    desk.get_by_text("Serve prenotare").first.click()
    expect(desk.get_by_role("heading", name="Elena Senzanumero")).to_be_visible()
    desk.get_by_label(re.compile("Scrivi|Risposta|Messaggio")).first.fill("Sì, dal sito del Comune.")
    desk.get_by_role("button", name="Invia", exact=True).click()
    expect(elena.get_by_text("Sì, dal sito del Comune.")).to_be_visible()


def test_the_town_speaks_to_the_list_and_on_the_channel(world: World) -> None:
    phones = world.page(world.outside.url)
    reader, numberless = world.newcomer("Lino Esempio"), ELENA
    for person in (reader, numberless):
        before = len(world.heard(person))
        world.outside.control("POST", f"/people/{person}/messages", {"type": "text", "text": "ISCRIVIMI"})
        # Who was welcomed a moment ago is not welcomed again (core/governor.py).
        until(lambda p=person, n=before: n > 0 or len(world.heard(p)) > n, "no welcome")  # type: ignore[misc]
    phone = world.phone(phones, reader)
    expect(phone.get_by_test_id("message").last).to_contain_text("privacy")

    desk = world.sign_in("redattore")
    desk.goto(f"{world.site}/console/redazione/nuovo/")
    fill(desk, "Titolo", 0, "Fine settimana in città")
    fill(desk, "Testo", 0, "Sabato mercatino in piazza, dalle 9 alle 18")
    fill(desk, "Collegamento", 0, "https://www.comune.example.it/mercatino")
    fill(desk, "Testo", 1, "Domenica via Roma è chiusa alle auto")
    fill(desk, "Collegamento", 1, "https://www.comune.example.it/viabilita")
    desk.locator("input[type=file]").first.set_input_files(
        {"name": "piazza.jpg", "mimeType": "image/jpeg", "buffer": picture((640, 360), colour="peru")}
    )
    desk.get_by_label("Che cosa si vede nell'immagine").fill("Bancarelle in piazza")
    estimate = desk.locator(".estimate")
    expect(estimate).to_contain_text(re.compile(r"\d+\s+iscritti"))
    expect(estimate).to_contain_text(re.compile(r"€\s*\d+,\d\d\s+stimati"))
    people, cost = re.findall(r"[\d,]+", estimate.inner_text())[:2]
    # 0.0658 EUR: Meta's rate for marketing messages to Italy
    assert float(cost.replace(",", ".")) == pytest.approx(int(people) * 0.0658, abs=0.006)
    desk.get_by_role("button", name="Invia ora").click()
    expect(desk.get_by_role("heading", name=re.compile("Inviare «Fine settimana"))).to_be_visible()
    desk.get_by_role("button", name=f"Invia a {people} persone e al canale").click()

    phones.bring_to_front()  # a phone in the pocket receives; one that is looked at also reads
    expect(phone.get_by_text("Sabato mercatino in piazza", exact=False)).to_be_visible()
    expect(phone.get_by_text("https://www.comune.example.it/mercatino", exact=False)).to_be_visible()
    expect(desk.locator(".outcome-headline")).to_contain_text(f"Arrivato a {people} persone su {people}")
    expect(desk.locator("[data-counter=accepted]")).to_have_text(
        "0"
    )  # each is counted once, where they have come to
    expect(desk.locator("[data-counter=read]")).not_to_have_text("0")  # Lino looks
    expect(desk.locator("[data-counter=failed]")).to_have_text("0")
    sends = [send for send in world.outside.control("GET", "/ledger")["ledger"] if send["type"] == "template"]
    assert len({send["to"] for send in sends}) == len(sends) == int(people)
    assert_good(desk)

    public = world.page(world.site, 360)
    public.goto(f"{world.site}/canale/")
    expect(public.get_by_text("Sabato mercatino in piazza", exact=False).first).to_be_visible()
    link = public.locator("a[href='https://www.comune.example.it/mercatino']")
    expect(link.first).to_be_visible()
    assert_good(public)
    code = public.request.get(f"{world.site}/canale/qr.svg")
    assert code.ok
    assert "<svg" in code.text()


def test_a_failure_shows_the_platforms_reason_and_can_be_tried_again(world: World) -> None:
    world.outside.control("POST", "/conditions", {"errors": [{"code": 131026, "rate": 1.0}]})
    desk = world.sign_in("redattore")
    desk.goto(f"{world.site}/console/redazione/nuovo/")
    fill(desk, "Titolo", 0, "Prova di invio")
    fill(desk, "Testo", 0, "La biblioteca apre alle 10")
    desk.get_by_role("button", name="Invia ora").click()
    desk.get_by_role("button", name=re.compile("Invia a .* person")).click()
    expect(desk.locator("[data-counter=failed]")).not_to_have_text("0")
    expect(desk.get_by_role("table", name="Motivi dei messaggi non riusciti")).to_contain_text("131026")
    world.outside.control("POST", "/conditions", {"errors": []})
    desk.get_by_role("link", name=re.compile("Riprova lo stesso")).click()
    desk.get_by_role("button", name=re.compile("Riprova con")).click()
    expect(desk.locator("[data-counter=failed]")).to_have_text("0")


def test_a_text_of_4097_characters_is_refused_in_the_editor_with_its_count(world: World) -> None:
    desk = world.sign_in("redattore")
    desk.goto(f"{world.site}/console/redazione/nuovo/")
    fill(desk, "Titolo", 0, "Troppo lungo")
    fill(desk, "Testo", 0, "x" * 4097)
    desk.get_by_role("button", name="Invia ora").click()
    expect(desk.get_by_text(re.compile(r"4\.?097")).first).to_be_visible()
    expect(desk.get_by_role("button", name=re.compile("Invia a"))).to_have_count(0)


def fill(page: Page, label: str, index: int, text: str) -> None:
    page.get_by_label(re.compile(f"^{label}")).nth(index).fill(text)


def test_the_screens_come_back_after_the_site_was_away(world: World, tmp_path: Path) -> None:
    """A message that arrives while the operator is offline is on the screen when the network is back."""
    desk = world.sign_in("operatrice")
    desk.goto(f"{world.site}/console/sportello/")
    desk.context.set_offline(True)
    world.outside.control(
        "POST", "/people/p4/messages", {"type": "text", "text": "C'è qualcuno allo sportello?"}
    )
    desk.wait_for_timeout(1500)
    desk.context.set_offline(False)
    expect(desk.get_by_text("C'è qualcuno allo sportello?").first).to_be_visible()
