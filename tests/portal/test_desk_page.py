# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""/sportello/: what citizens read before they write, in the address book, in calendars and on the municipality's own site."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from arengo.core.models import Organization, Person
from arengo.core.public_pages import collecting
from arengo.delivery.models import Sender
from arengo.desk.front.models import FrontPage
from arengo.desk.hours import verbs
from arengo.desk.hours.models import Closure, Interval
from arengo.desk.models import Desk
from tests.factories.core import HOST
from tests.factories.hours import on, rome, write_office
from tests.support.browser_kit import NARROW, WIDE, Visiting, assert_good, chromium, visit

__all__ = ["chromium", "visit"]  # fixtures of the browser tests

PAGE, SETTINGS = "/sportello/", "/console/impostazioni/pagina-sportello/"
At = Callable[[str], datetime]
Browse = Callable[..., Client]


@pytest.fixture
def urp(scope: Organization, sender: Sender) -> Desk:
    desk: Desk = Desk.objects.create(name="URP", slug="urp")
    write_office(desk)
    return desk


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    def stand(written: str) -> datetime:
        moment = rome(written)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return stand


@pytest.fixture
def citizen() -> Client:
    return Client(headers={"host": HOST})


def read(client: Client, path: str = PAGE) -> str:
    return " ".join(html.unescape(client.get(path).content.decode()).split())


def test_the_page_says_whether_somebody_answers_and_until_when(urp: Desk, citizen: Client, at: At) -> None:
    at("2026-12-01 10:12")
    with collecting() as moments:
        shown = read(citizen)
    assert "<strong>Aperto</strong>, fino alle 13:00" in shown
    assert "Riapre oggi alle 15:00" in shown
    assert "Qui risponde una persona." in shown
    assert "+39 055 000 0001" in shown
    assert "https://schema.org/Tuesday" in shown
    assert min(moments) == rome("2026-12-01 13:00")  # then the page is another
    at("2026-12-08 10:00")
    assert "Immacolata" in read(citizen)


def test_a_closure_and_an_emergency_are_read_at_once(
    urp: Desk, citizen: Client, alice: Person, at: At
) -> None:
    now = at("2026-12-01 18:00")
    Closure.objects.create(
        desk=urp, first_day=on("2026-12-07"), last_day=on("2026-12-07"), reason="Ponte", decided_by=alice
    )
    shown = read(citizen)
    assert "<strong>lunedì 7 dicembre</strong> chiuso, <bdi>Ponte</bdi>" in shown
    assert "mercoledì 8 dicembre" not in shown
    verbs.open_in_emergency(urp, reason="Allerta", until=now + timedelta(hours=4), by=alice)
    assert "Apertura straordinaria</strong>, fino alle 22:00" in read(citizen)


def test_hours_and_numbers_that_nobody_wrote_are_no_error(scope: Organization, citizen: Client) -> None:
    shown = read(citizen)
    assert "Gli orari non sono ancora scritti." in shown
    assert "Il numero non è attivo in questo momento." in shown
    assert citizen.get("/sportello/qr.svg").status_code == 404
    assert citizen.get("/sportello/orari.ics").status_code == 404
    assert citizen.get("/sportello/icona.svg").status_code == 200


def test_topics_open_the_chat_with_their_word(urp: Desk, citizen: Client) -> None:
    FrontPage.objects.create(
        topics=["Anagrafe e documenti: carta d’identità", "Tributi"],
        not_here=["Multe: chiama la Polizia locale"],
    )
    shown = read(citizen)
    assert "https://wa.me/390550000001?text=Anagrafe%20e%20documenti%3A%20" in shown
    assert "carta d’identità" in shown
    assert "chiama la Polizia locale" in shown


def test_the_number_is_saved_under_the_name_that_the_town_chose(urp: Desk, citizen: Client) -> None:
    FrontPage.objects.create(card_name="Urp; Comune, ufficio")
    card = citizen.get("/sportello/sportello.vcf")
    assert card["Content-Type"] == "text/vcard; charset=utf-8"
    lines = card.content.decode().split("\r\n")
    assert "FN:Urp\\; Comune\\, ufficio" in lines
    assert "TEL;TYPE=CELL,VOICE:+390550000001" in lines


def test_the_calendar_holds_each_opening_and_closure(
    urp: Desk, citizen: Client, alice: Person, at: At
) -> None:
    at("2026-12-01 10:12")
    Closure.objects.create(
        desk=urp,
        first_day=on("2026-12-24"),
        last_day=on("2026-12-31"),
        reason="Ferie di fine anno, " + "lunghe " * 10,
        decided_by=alice,
    )
    body = citizen.get("/sportello/orari.ics").content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    unfolded = body.decode().replace("\r\n ", "")
    assert "DTSTART:20261201T080000Z\r\nDTEND:20261201T120000Z" in unfolded
    assert "DTSTART:20261201T140000Z" in unfolded
    assert "DTSTART:20261208" not in unfolded  # a holiday
    assert "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20270101" in unfolded
    assert "SUMMARY:URP: chiuso. Ferie di fine anno\\, lunghe" in unfolded
    assert body == citizen.get("/sportello/orari.ics").content


def test_the_icon_says_the_state_as_picture_and_as_data(urp: Desk, citizen: Client, at: At) -> None:
    at("2026-12-01 10:12")
    icon = citizen.get("/sportello/icona.svg")
    assert icon["Content-Type"].startswith("image/svg+xml")
    assert icon["Access-Control-Allow-Origin"] == "*"
    drawn = ElementTree.fromstring(icon.content)  # noqa: S314  # our own answer
    assert "Aperto fino alle 13:00" in "".join(drawn.itertext())
    answer = citizen.get("/sportello/stato.json")
    [desk] = json.loads(answer.content)["desks"]
    assert (desk["open"], desk["state"], desk["until"]) == (True, "open", "2026-12-01T13:00:00+01:00")
    assert desk["opening_hours"].endswith("PH off")
    assert answer["Access-Control-Allow-Origin"] == "*"
    code = read(citizen, "/sportello/icona/")
    assert "http://esempio.test/sportello/icona.svg" in code


def test_a_name_cannot_break_the_picture(urp: Desk, citizen: Client, alice: Person, at: At) -> None:
    now = at("2026-12-01 18:00")
    verbs.open_in_emergency(urp, reason='<script>&"', until=now + timedelta(hours=1), by=alice)
    ElementTree.fromstring(citizen.get("/sportello/icona.svg").content)  # noqa: S314  # our own answer


def test_the_trial_stands_on_every_public_page_until_its_last_day(
    urp: Desk, citizen: Client, alice: Person, browse: Browse, at: At
) -> None:
    at("2026-12-01 10:12")
    client = browse(alice)
    written = {"topics": "", "not_here": "", "trial_until": "2026-12-31", "trial_words": "Siamo in prova."}
    assert client.post(SETTINGS, written).status_code == 302
    for path in ("/", PAGE, "/canale/", "/informativa/"):
        assert "Siamo in prova. In prova fino al 31 dicembre 2026." in read(citizen, path)
    at("2026-12-31 23:00")
    with collecting() as moments:
        read(citizen, "/regole/")
    assert rome("2027-01-01 00:00") in moments
    at("2027-01-01 00:00")
    assert "In prova" not in read(citizen)


def test_what_is_too_long_is_told_and_not_lost(
    urp: Desk, alice: Person, olga: Person, carlo: Person, browse: Browse
) -> None:
    answer = browse(alice).post(SETTINGS, {"topics": "a" * 200 + "\nTributi", "not_here": ""})
    assert answer.status_code == 422
    assert "è troppo lunga" in html.unescape(answer.content.decode())
    assert "a" * 200 in answer.content.decode()
    assert browse(olga).get(SETTINGS).status_code == 403
    FrontPage.objects.create(card_name="Nostro")
    assert "Nostro" not in browse(carlo, "altrove.test").get(SETTINGS).content.decode()


def test_the_home_page_says_the_hours_once_they_are_written(urp: Desk, citizen: Client, at: At) -> None:
    at("2026-12-01 10:12")
    Organization.objects.update(desk_hours="quando capita")
    assert "Lunedì, mercoledì e venerdì 9–13; martedì e giovedì 9–13 e 15–17." in read(citizen, "/")
    assert "quando capita" not in read(citizen, "/")
    Interval.objects.all().delete()
    assert "quando capita" in read(citizen, "/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (NARROW, True)], ids=["1280", "360 dark"])
def test_the_page_is_good_on_every_screen(
    visit: Visiting, live_server: LiveServer, urp: Desk, alice: Person, size: tuple[int, int], dark: bool
) -> None:
    FrontPage.objects.create(
        topics=["Anagrafe e documenti: carta d’identità, residenza", "المكتبة: الكتب"],
        toll_free="800 000 000",
        counter_hours="lun–ven 8:30–12:30",
        trial_until=timezone.localdate() + timedelta(days=9),
    )
    Organization.objects.update(
        phone="055 000 0000", email="urp@comune.example.it", address="Piazza di Esempio 1"
    )
    day = timezone.localdate() + timedelta(days=1)
    Closure.objects.create(desk=urp, first_day=day, last_day=day, reason="Ponte", decided_by=alice)
    for path in (PAGE, "/sportello/icona/"):
        page = visit(f"{live_server.url}{path}", size, dark=dark)
        assert_good(page)
        if folder := os.environ.get("ARENGO_SCREENSHOTS"):
            name = f"public{path.replace('/', '-')}{size[0]}.png"
            page.screenshot(path=str(Path(folder) / name), full_page=True)
