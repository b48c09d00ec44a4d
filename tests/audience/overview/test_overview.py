# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The overview tells how many are on the list, how they came and why they left; days are counted once and say the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import consent, privacy
from arengo.audience.consent import Words
from arengo.audience.models import Consent, Identity, Subscription, Topic
from arengo.audience.overview import drawing, figures, keeping, periods
from arengo.audience.overview.jobs import count_list_days
from arengo.audience.overview.models import ListDay
from arengo.audience.overview.periods import Span
from arengo.audience.reasons import Reason
from arengo.core.models import Organization, Person
from arengo.delivery.models import Sender
from arengo.delivery.sending import announced
from arengo.delivery.sending.announced import Announced
from tests.factories.audience import citizen, consented
from tests.factories.delivery import mailing

Browse = Callable[[Person], Client]


def noon(town: Organization, days_ago: int) -> datetime:
    day = keeping.today(town) - timedelta(days=days_ago)
    return datetime.combine(day, time(12), town.zone)


@pytest.fixture
def history(town: Organization, sender: Sender, alice: Person) -> dict[str, Identity]:
    """Five came 100 days ago, one imported 20 days ago; one left by a word 10 days ago, one by the rule 5 days ago."""
    found = {}
    for name in ("Anna", "Bruno", "Carla", "Dario", "Elsa"):
        found[name] = citizen(f"{name} Esempio")
        consented(found[name], sender, when=noon(town, 100))
    found["Franca"] = citizen("Franca Esempio")
    imported = Words(
        found["Franca"],
        Consent.Action.GIVEN,
        noon(town, 20),
        Consent.Source.IMPORT,
        sender_id=sender.pk,
        by=alice,
    )
    consent.say([imported])
    consent.withdraw(found["Bruno"], at=noon(town, 10), source="message", message_id="b", text="CANCELLAMI")
    consent.withdraw(found["Carla"], at=noon(town, 5), source="rule", reason=Reason.INVALID)
    return found


def shares(lines: object) -> dict[str, int]:
    return {one.key: one.many for one in lines}  # type: ignore[attr-defined]


def test_it_counts_who_is_there_how_they_came_and_why_they_left(
    town: Organization, history: dict[str, Identity]
) -> None:
    found = figures.read(town, Span.MONTHS)
    assert (found.listed, found.lately_joined, found.lately_left) == (4, 1, 2)
    assert shares(found.ways) == {"message": 5, "import": 1}
    assert shares(found.reasons) == {"unsubscribed": 1, "invalid": 1}


def test_thirty_days_know_only_what_came_to_pass_in_them(
    town: Organization, history: dict[str, Identity]
) -> None:
    found = figures.read(town, Span.DAYS)
    assert len(found.moved) == 30
    assert shares(found.ways) == {"import": 1}
    totals = {one.column.first: one.total for one in found.moved}
    today = keeping.today(town)
    told = [totals[today - timedelta(days=ago)] for ago in (25, 20, 10, 5, 0)]
    assert told == [5, 6, 5, 4, 4]


@pytest.mark.parametrize("span", list(Span))
def test_days_that_were_kept_say_the_same_as_days_that_were_not(
    town: Organization, history: dict[str, Identity], span: Span
) -> None:
    live = figures.read(town, span)
    keeping.keep(town, keeping.due(town))
    assert ListDay.objects.count() == 100
    kept = figures.read(town, span)
    assert kept.moved == live.moved
    assert (shares(kept.ways), shares(kept.reasons)) == (shares(live.ways), shares(live.reasons))


def test_a_kept_day_is_not_read_again_and_a_late_word_is_counted_within_two_weeks(
    town: Organization, sender: Sender, history: dict[str, Identity]
) -> None:
    keeping.keep(town, keeping.due(town))
    assert keeping.due(town) == []
    consented(citizen(), sender, when=noon(town, 3))
    assert shares(figures.read(town, Span.MONTHS).ways) == {"message": 5, "import": 1}
    ListDay.objects.update(counted_at=timezone.now() - timedelta(days=1))
    assert len(keeping.due(town)) == 14
    keeping.keep(town, keeping.due(town))
    assert shares(figures.read(town, Span.MONTHS).ways) == {"message": 6, "import": 1}


def test_an_erased_person_stays_counted_and_is_named_nowhere(
    town: Organization, history: dict[str, Identity], alice: Person, browse: Browse
) -> None:
    privacy.erase(history["Anna"].contact, by=alice)
    found = figures.read(town, Span.MONTHS)
    assert found.listed == 3
    assert shares(found.reasons)["erased"] == 1
    page = (
        browse(alice).get(reverse("audience:moved"), {"che": "uscite", "motivo": "erased"}).content.decode()
    )
    assert "dati eliminati" in page
    assert "Anna" not in page


def test_the_night_keeps_who_receives_what_and_who_only_asks(
    town: Organization, sender: Sender, history: dict[str, Identity]
) -> None:
    events = Topic.objects.order_by("pk")[0]
    Subscription.objects.get(identity=history["Anna"]).topics.add(events)
    citizen("Gino Esempio", last_wrote_at=timezone.now())
    citizen("Ida Esempio")  # known of a notice: never wrote
    count_list_days(0)
    night = ListDay.objects.get(day=keeping.today(town) - timedelta(days=1))
    assert (night.listed, night.only_ask) == (4, 1)
    assert night.topics["0"] == 3
    assert night.topics[str(events.pk)] == 4
    found = figures.read(town, Span.MONTHS)
    assert found.only_ask == 1
    assert {topic.pk: share.many for topic, share in found.topics}[events.pk] == 4
    ListDay.objects.filter(day=keeping.today(town) - timedelta(days=40)).update(
        listed=1, topics={"0": 1}, only_ask=0
    )
    assert {share.gained for _topic, share in figures.read(town, Span.MONTHS).topics} == {3, 2}


def test_who_left_does_not_count_among_those_who_only_ask(
    town: Organization, history: dict[str, Identity]
) -> None:
    Identity.objects.filter(pk=history["Bruno"].pk).update(last_wrote_at=timezone.now())
    assert keeping.now(town).only_ask == 0


def test_marks_say_what_was_sent_and_what_came_of_it(
    town: Organization, sender: Sender, history: dict[str, Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet, loud = mailing(sender, 1), mailing(sender, 1)
    for fanout, days in ((quiet, 15), (loud, 10)):
        type(fanout).objects.filter(pk=fanout.pk).update(created_at=noon(town, days))
    described = {loud.pk: Announced("Chiude il ponte", "", timezone.now(), staff_href="/console/")}
    monkeypatch.setattr(announced, "_describers", [lambda ids: {pk: described[pk] for pk in ids}])
    [mark] = figures.read(town, Span.DAYS).marks
    assert (mark.title, mark.number, mark.joined, mark.left, mark.address) == (
        "Chiude il ponte",
        1,
        0,
        1,
        "/console/",
    )
    assert mark.place == 19


def test_the_page_shows_it_all_and_every_bar_of_it_opens_its_people(
    history: dict[str, Identity], edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    page = client.get(reverse("audience:subscribers"))
    text = page.content.decode()
    for words in (
        "negli ultimi 30 giorni (arrivi: 1, uscite: 2)",
        "Numero non più valido",
        "non sono contate",
    ):
        assert words in text
    assert "<title" in text
    assert "<desc" in text
    left = {bar.words: bar.address for bar in page.context["reasons"]}
    behind = client.get(left["Numero non più valido"]).content.decode()
    assert "Carla Esempio" in behind
    assert "Bruno Esempio" not in behind
    came = {bar.words: bar.address for bar in page.context["ways"]}
    behind = client.get(came["Importati da un elenco"]).content.decode()
    assert "Franca Esempio" in behind
    assert "Anna Esempio" not in behind
    step = next(one for one in page.context["steps"] if one.joined == 5)
    assert "Anna Esempio" in client.get(step.joined_address).content.decode()


@pytest.mark.parametrize("query", ["?periodo=giorni", "?periodo=mesi", "?periodo=sempre", "?periodo=x'", ""])
def test_any_period_is_shown(history: dict[str, Identity], edo: Person, browse: Browse, query: str) -> None:
    page = browse(edo).get(reverse("audience:subscribers") + query)
    assert page.status_code == 200
    assert sum(choice.current for choice in page.context["choices"]) == 1


@pytest.mark.parametrize(
    "asked", [{}, {"che": "x", "dal": "2026-13-40", "al": "ieri"}, {"che": "uscite", "motivo": "x"}]
)
def test_the_list_behind_a_bar_takes_what_it_can_read(
    history: dict[str, Identity], edo: Person, browse: Browse, asked: dict[str, str]
) -> None:
    assert browse(edo).get(reverse("audience:moved"), asked).status_code == 200


def test_an_empty_list_says_how_people_join(town: Organization, edo: Person, browse: Browse) -> None:
    citizen("Gino Esempio", last_wrote_at=timezone.now())
    page = browse(edo).get(reverse("audience:subscribers")).content.decode()
    assert "Ci si iscrive scrivendo «ISCRIVIMI»" in page
    assert "ha già scritto allo Sportello senza iscriversi" in page


def test_carlo_sees_nothing_of_ours_and_operators_none_of_it(
    history: dict[str, Identity], carlo: Person, olga: Person, browse: Browse
) -> None:
    for name in ("subscribers", "moved"):
        assert browse(carlo).get(reverse(f"audience:{name}")).status_code == 404
        assert browse(olga).get(reverse(f"audience:{name}")).status_code == 403


def test_people_stand_at_an_address_of_their_own(
    history: dict[str, Identity], edo: Person, browse: Browse
) -> None:
    page = browse(edo).get(reverse("audience:people"))
    assert reverse("audience:people") == "/console/iscritti/persone/"
    assert 'href="/console/iscritti/persone/" aria-current="page"' in " ".join(page.content.decode().split())


def test_columns_are_days_months_or_years() -> None:
    today = date(2026, 11, 30)
    assert len(periods.columns(Span.DAYS, today, today)) == 30
    months = periods.columns(Span.MONTHS, today, today)
    assert (len(months), months[0].first, months[-1].last) == (12, date(2025, 12, 1), today)
    years = periods.columns(Span.ALL, today, date(2015, 3, 9))
    assert [one.label for one in years] == [str(year) for year in range(2015, 2027)]
    assert (years[0].first, years[-1].last) == (date(2015, 3, 9), today)
    one = periods.columns(Span.ALL, today, today)
    assert len(one) == 1


@pytest.mark.parametrize("most", [0, 1, 3, 4, 7, 40, 99, 13_044, 250_000])
def test_an_axis_ends_at_a_round_number_that_nothing_exceeds(most: int) -> None:
    end = drawing.above(most)
    assert max(most, 1) <= end <= max(most * 4, 2)
