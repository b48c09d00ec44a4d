# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dati: who sees what, the periods, what an empty page teaches, and the same as CSV and JSON."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from arengo.core.models import Membership, Organization, Person
from arengo.desk.labels.models import Labelled
from arengo.desk.models import Desk
from arengo.insights import agreement, keeping
from arengo.insights.models import CountedDay
from tests.factories.desk import make_label
from tests.factories.hours import on, rome
from tests.factories.insights import answered, asked, closed
from tests.insights.reference import Talk

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]
PAGE = "/console/dati/"
WEEK = "?dal=2026-11-09&al=2026-11-15"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def week(scope: Organization, talk: Talk, library: Desk, olga: Person) -> None:
    """Ten questions at the URP, answered after 1 to 10 minutes by Olga; one at the library; all of it counted."""
    label = make_label("=1+1")
    for number in range(10):
        conversation = talk(f"Citizen {number}")
        asked(conversation, rome("2026-11-10 10:00"))
        answered(conversation, rome("2026-11-10 10:00") + timedelta(minutes=number + 1), olga)
        closed(conversation, rome("2026-11-10 11:00"), olga)
        if number == 0:
            Labelled.objects.create(conversation=conversation, label=label)
    asked(talk("Bruno", desk=library), rome("2026-11-11 10:00"))
    for number in range(7):
        keeping.keep_day(scope, on("2026-11-09") + timedelta(days=number))


def test_half_and_nine_of_ten_in_words(week: None, alice: Person, browse: Browse) -> None:
    shown = text_of(browse(alice), PAGE + WEEK)
    assert 'Prima risposta</dt> <dd class="figures-value"> 5 min' in shown
    assert "9 su 10 entro <b>9 min</b>" in shown
    assert "Per operatore" not in shown


def test_strangers_and_editors_see_nothing(week: None, carlo: Person, edo: Person, browse: Browse) -> None:
    for name in ("figures", "csv", "json"):
        address = reverse(f"insights:{name}")
        assert browse(carlo).get(address).status_code == 404
        assert browse(edo).get(address).status_code == 403
        assert browse().get(address).status_code == 302


def test_an_operator_sees_the_desks_that_they_work_at(
    week: None, scope: Organization, olga: Person, library: Desk, browse: Browse
) -> None:
    def begun() -> int:
        total = browse(olga).get(reverse("insights:json") + WEEK).json()["total"]
        return int(total["conversations"])

    assert begun() == 10
    assert (
        browse(olga)
        .get(reverse("insights:json") + f"{WEEK}&sportello={library.pk}")
        .json()["total"]["conversations"]
        == 10
    )
    library.members.add(Membership.objects.get(person=olga))
    assert begun() == 11


def test_by_operator_only_with_an_agreement_and_never_for_colleagues(
    week: None, scope: Organization, alice: Person, rita: Person, olga: Person, browse: Browse
) -> None:
    agreement.switch_on(scope, agreed_on=on("2026-11-10"), reference="RSU, prot. 12", by=alice)
    for number in range(2):
        keeping.keep_operators(scope, on("2026-11-10") + timedelta(days=number))
    for person in (alice, rita):
        assert "Olga Esempio" in text_of(browse(person), PAGE + WEEK)
        [line] = browse(person).get(reverse("insights:json") + WEEK).json()["by_operator"]
        assert line == {
            "name": "Olga Esempio",
            "sent": 10,
            "first_answer_minutes": {"count": 10, "median": 5, "p90": 9},
            "closing_minutes": {"count": 10, "median": 60, "p90": 60},
        }
    assert "Per operatore" not in text_of(browse(olga), PAGE + WEEK)
    assert "by_operator" not in browse(olga).get(reverse("insights:json") + WEEK).json()
    assert "Olga" not in rows_of(browse(olga), "operatori").__str__()


def rows_of(client: Client, table: str) -> list[list[str]]:
    answer = client.get(reverse("insights:csv") + f"{WEEK}&tabella={table}")
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_csv_holds_each_day_and_computes_nothing(week: None, alice: Person, browse: Browse) -> None:
    days = rows_of(browse(alice), "giorni")
    assert len(days) == 1 + 7 * 2
    tuesday = dict(zip(days[0], days[3], strict=True))
    assert (tuesday["Giorno"], tuesday["Sportello"]) == ("2026-11-10", "URP")
    assert tuesday["Conversazioni nuove"] == "10"
    assert tuesday["Prima risposta: 9 su 10 entro (min)"] == "9"
    groups = rows_of(browse(alice), "gruppi")
    assert [line[1] for line in groups[1:]] == ["URP", "Biblioteca", "'=1+1"]
    hours = rows_of(browse(alice), "ore")
    assert [line[2] for line in hours if line[:2] == ["martedì", "10"]] == ["10"]


@pytest.mark.parametrize("name", ["-2+3", "@SUM(A1)", "\tcmd", " =1", "＝1"])
def test_a_name_is_never_a_formula(name: str, week: None, alice: Person, browse: Browse) -> None:
    Desk.objects.filter(name="URP").update(name=name)
    answer = browse(alice).get(reverse("insights:csv") + WEEK)
    read = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert {line[1] for line in read} >= {f"'{name}"}


def test_a_label_narrows_everything(week: None, alice: Person, browse: Browse) -> None:
    label = Labelled.objects.get().label_id
    found = browse(alice).get(reverse("insights:json") + f"{WEEK}&solo=label:{label}").json()
    assert found["total"]["conversations"] == 1
    assert found["total"]["first_answer_minutes"]["median"] == 1
    everything = browse(alice).get(reverse("insights:json") + f"{WEEK}&solo=label:999999").json()
    assert everything["total"]["conversations"] == 11


def test_today_is_counted_while_somebody_looks(
    scope: Organization, talk: Talk, alice: Person, browse: Browse
) -> None:
    asked(talk(), rome("2026-11-28 10:00"))  # the job has not come yet
    asked(talk(), rome("2026-11-29 10:00"))
    found = browse(alice).get(reverse("insights:json")).json()
    assert (found["total"]["conversations"], found["days_not_counted_yet"]) == (2, 0)
    assert not CountedDay.objects.exists()


def test_days_that_are_not_counted_yet_are_said(
    scope: Organization, talk: Talk, alice: Person, browse: Browse
) -> None:
    asked(talk(), rome("2026-11-20 10:00"))
    assert "7 giorni si stanno ancora contando" in text_of(browse(alice), PAGE)
    for day in keeping.due(scope):
        keeping.keep_day(scope, day)
    assert "si stanno ancora contando" not in text_of(browse(alice), PAGE)


def test_an_empty_page_teaches(scope: Organization, urp: Desk, alice: Person, browse: Browse) -> None:
    assert "Appena i cittadini scrivono" in text_of(browse(alice), PAGE)


def test_days_without_anything_lead_to_others(week: None, alice: Person, browse: Browse) -> None:
    assert "non è successo nulla" in text_of(browse(alice), PAGE + "?dal=2026-11-21&al=2026-11-22")


@pytest.mark.parametrize(
    "query", ["?dal=domani&al=2026-11-15", "?dal=2026-11-09", "?dal=2020-01-01&al=2026-11-29"]
)
def test_days_that_cannot_be_read_are_said(query: str, week: None, alice: Person, browse: Browse) -> None:
    assert "Scegli due giorni validi" in text_of(browse(alice), PAGE + query)


def test_no_link_leads_to_days_to_come(week: None, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    assert "Dopo <" in text_of(client, PAGE + WEEK)
    this_week = "?dal=2026-11-23&al=2026-11-29"
    assert (
        "?dal=2026-11-23&amp;al=2026-11-29"
        in client.get(f"{PAGE}?dal=2026-11-16&al=2026-11-22").content.decode()
    )
    for query in ("", this_week, "?dal=2026-01-01&al=2026-12-31"):
        assert "Dopo <" not in text_of(client, PAGE + query)


def test_days_to_come_are_said_and_the_usual_ones_shown(week: None, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    page = text_of(client, f"{PAGE}?dal=2027-01-01&al=2027-01-31")
    assert "Questi giorni devono ancora venire" in page
    assert 'name="al" value="2026-11-29"' in page
    for what in ("csv/", "json/"):
        assert client.get(f"{PAGE}{what}?dal=2027-01-01&al=2027-01-31").status_code == 200


def test_the_page_asks_as_much_for_a_year_as_for_a_week(
    week: None, alice: Person, browse: Browse, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = browse(alice)
    client.get(PAGE + WEEK)
    for query in (WEEK, "?dal=2025-11-21&al=2026-11-20"):
        with django_assert_num_queries(19):  # one of them: what waits for her yes in the newsroom
            client.get(PAGE + query)
