# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A room that is made up here brings its section, troubles, report and metrics, and all three ways of looking show them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from arengo.cli import status
from arengo.cli.main import arengo
from arengo.core.console import conditions, metrics, reports, troubles
from arengo.core.console.conditions import Place, Sections, Snapshot
from arengo.core.console.metrics import Counter, Distribution, Gauge, Histogram, Sample
from arengo.core.console.reports import Figure, Panel, Part, Report, State, Table, Text, Word
from arengo.core.console.troubles import Kind, Link, Trouble
from arengo.core.machine import Machine
from arengo.core.models import Organization, Person
from tests.factories.core import HOST

pytestmark = pytest.mark.django_db

TOKEN = "only-for-tests-0123456789-0123456789"


@dataclass(frozen=True)
class Fountains:
    """By name: litres in each."""

    litres: dict[str, int]


def find(snapshot: Snapshot) -> Iterator[Trouble]:
    for name, litres in snapshot.of(Fountains).litres.items():
        if not litres:
            yield Trouble(
                "fountain_dry",
                f"La fontana «{name}» è asciutta",
                "Aprire il rubinetto.",
                link=Link("Apri il rubinetto", "settings:home"),
            )


def page(snapshot: Snapshot) -> Part:
    return Part(
        "fountains",
        "Fontane",
        tuple(
            Panel((Figure("Acqua", reports.number(litres), "litri"),), name, State("success", "scorre"))
            for name, litres in snapshot.of(Fountains).litres.items()
        ),
        (Word("Acqua", "Quanta ce n’è."),),
    )


def text(snapshot: Snapshot) -> Text:
    litres = snapshot.of(Fountains).litres
    rows = [("FONTANA", "LITRI"), *((name, str(number)) for name, number in litres.items())]
    return Text((("Fontane", f"{len(litres)} in tutto"),), Table(tuple(rows), frozenset({1})))


def levels(snapshot: Snapshot) -> Iterator[Sample]:
    for name, litres in snapshot.of(Fountains).litres.items():
        yield Sample(litres, (name,))


@pytest.fixture(autouse=True)
def _as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    for module, name in (
        (conditions, "_readers"),
        (troubles, "_providers"),
        (reports, "_reports"),
        (metrics, "_families"),
    ):
        monkeypatch.setattr(module, name, copy(getattr(module, name)))


@pytest.fixture
def fountains(scope: Organization) -> None:
    conditions.register(Fountains, lambda _sections: Fountains({"Piazza": 0, "Porto": 1500}))
    troubles.register(Place.OUT, [Kind("fountain_dry"), Kind("fountain_warm", person=False)], find)
    data = {"fountains": {"count": 2}}
    reports.register(Place.IN, Report(page, text, lambda _snapshot: data))
    metrics.register(
        Place.GROUND,
        Gauge("fountain_litres", "Water in it.", levels, ("fountain",)),
        Counter("fountain_visits", "Who came by.", lambda _snapshot: [Sample(7)]),
        Histogram(
            "fountain_sip_seconds",
            "How long somebody drinks.",
            lambda _snapshot: [Distribution((("1.0", 3), ("+Inf", 4)), 9.5)],
        ),
    )


@pytest.mark.usefixtures("fountains")
def test_the_page_shows_its_figures_words_and_troubles(alice: Person, browse: Callable[..., Client]) -> None:
    shown = browse(alice).get(reverse("settings:status")).text
    assert "La fontana «Piazza» è asciutta" in shown
    link = re.search(r'<a id="alarm-fountain_dry"\s+href="([^"]+)">Apri il rubinetto</a>', shown)
    assert link is not None
    assert link[1] == reverse("settings:home")
    assert re.search(r"1\.500\s+</dd>\s+<dd class=\"text-quiet\">\s+litri", shown)
    assert "Quanta ce n’è." in shown
    headings = re.findall(r'<h2 id="(\w+)-title">', shown)
    assert headings == ["senders", "arriving", "fountains", "ground"]


@pytest.fixture
def _over_the_tests_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    @contextmanager
    def already() -> Iterator[Path]:
        yield tmp_path

    monkeypatch.setattr(status, "prepared", already)


@pytest.mark.usefixtures("fountains", "_over_the_tests_database")
def test_the_command_line_tells_them_to_people_and_programs() -> None:
    lines = CliRunner().invoke(arengo, ["status"]).output.splitlines()
    assert lines[lines.index("FONTANA  LITRI") + 2] == "Porto     1500"
    assert "Fontane          2 in tutto" in lines
    assert "  NO  La fontana «Piazza» è asciutta" in lines
    told = json.loads(CliRunner().invoke(arengo, ["status", "--json"]).output)
    assert told["fountains"] == {"count": 2}
    [dry] = [trouble for trouble in told["troubles"] if trouble["kind"] == "fountain_dry"]
    assert dry["needs_a_person"] is True
    assert dry["remedy"] == "Aprire il rubinetto."


@pytest.mark.usefixtures("fountains")
def test_prometheus_reads_them(settings: Any) -> None:
    settings.ARENGO_METRICS_TOKEN = TOKEN
    answer = Client(headers={"host": HOST, "authorization": f"Bearer {TOKEN}"}).get("/metrics")
    found = {family.name: family for family in text_string_to_metric_families(answer.text)}
    levels_found = {sample.labels["fountain"]: sample.value for sample in found["fountain_litres"].samples}
    assert levels_found == {"Piazza": 0, "Porto": 1500}
    assert [sample.value for sample in found["fountain_visits"].samples] == [7]
    sips = {
        (sample.name, sample.labels.get("le")): sample.value
        for sample in found["fountain_sip_seconds"].samples
    }
    assert sips["fountain_sip_seconds_bucket", "+Inf"] == sips["fountain_sip_seconds_count", None] == 4
    assert sips["fountain_sip_seconds_sum", None] == 9.5
    kinds = {
        (sample.labels["kind"], sample.labels["person"]): sample.value
        for sample in found["arengo_troubles"].samples
    }
    assert kinds["fountain_dry", "yes"] == 1
    assert kinds["fountain_warm", "no"] == 0


# --- what is registered ---


@pytest.mark.usefixtures("scope")
def test_a_section_may_ask_for_another_whichever_was_registered_first() -> None:
    @dataclass(frozen=True)
    class Basin:
        litres: int
        processes: int

    def basin(sections: Sections) -> Basin:
        return Basin(sections.of(Fountains).litres["Porto"], len(sections.of(Machine).processes))

    conditions.register(Basin, basin)
    conditions.register(Fountains, lambda _sections: Fountains({"Porto": 3}))
    assert conditions.read().of(Basin) == Basin(3, 0)


@pytest.mark.usefixtures("scope")
def test_sections_that_ask_for_each_other_are_an_error_and_no_endless_loop() -> None:
    conditions.register(Fountains, lambda sections: sections.of(Fountains))
    with pytest.raises(LookupError, match="Fountains"):
        conditions.read()


@pytest.mark.usefixtures("scope")
def test_a_section_that_no_room_registered_is_an_error() -> None:
    with pytest.raises(LookupError, match="Fountains"):
        conditions.read().of(Fountains)


def test_two_rooms_cannot_bring_the_same(fountains: None) -> None:
    with pytest.raises(ValueError, match="Fountains"):
        conditions.register(Fountains, lambda _sections: Fountains({}))
    with pytest.raises(ValueError, match="fountain_warm"):
        troubles.register(Place.IN, [Kind("fountain_warm")], find)
    with pytest.raises(ValueError, match="fountain_visits"):
        metrics.register(Place.IN, Gauge("fountain_visits", "Who came by.", levels))
