# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from django.core.checks import run_checks
from django.test import Client
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from arengo.core import health
from arengo.core.console.troubles import kinds
from arengo.core.models import Organization, Person
from arengo.core.process_metrics import ACCEPTED, RECEIPTS, ProcessMetrics
from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.delivery.queue import outbox
from arengo.delivery.senders.status import SenderStats
from arengo.intake.models import Journal
from arengo.platforms.contract import Address, Text
from tests.factories.core import HOST, STRANGER_HOST
from tests.factories.delivery import make_sender
from tests.factories.intake import journal

pytestmark = pytest.mark.django_db

TOKEN = "only-for-tests-0123456789-0123456789"


@pytest.fixture
def token(settings: Any) -> str:
    settings.ARENGO_METRICS_TOKEN = TOKEN
    return TOKEN


def ask(token: str | None = None, host: str = HOST, **headers: str) -> Any:
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return Client(headers={"host": host, **headers}).get("/metrics")


def families(token: str) -> dict[str, Metric]:
    answer = ask(token)
    assert answer.status_code == 200
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def one(family: Metric, **labels: str) -> float:
    [value] = [
        sample.value
        for sample in family.samples
        if labels.items() <= sample.labels.items() and not sample.name.endswith("_created")
    ]
    return float(value)


# --- who may ask ---


@pytest.mark.usefixtures("esempio")
@pytest.mark.parametrize("given", [None, "", TOKEN])
def test_while_no_token_is_set_the_address_is_nobodys(settings: Any, given: str | None) -> None:
    settings.ARENGO_METRICS_TOKEN = ""
    assert ask(given).status_code == 404


@pytest.mark.usefixtures("esempio")
@pytest.mark.parametrize("given", [None, "", "wrong", TOKEN[:-1], TOKEN + "x", "è" * 20])
def test_without_the_token_there_are_no_figures(token: str, given: str | None) -> None:
    answer = ask(given and given.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "arengo_" not in answer.text


@pytest.mark.usefixtures("esempio")
def test_the_token_counts_only_as_a_bearers(token: str) -> None:
    assert Client(headers={"host": HOST, "authorization": token}).get("/metrics").status_code == 401
    assert (
        Client(headers={"host": HOST, "authorization": f"Basic {token}"}).get("/metrics").status_code == 401
    )
    assert Client(headers={"host": HOST}).get(f"/metrics?token={token}").status_code == 401
    assert (
        Client(headers={"host": HOST, "authorization": f"bearer {token}"}).get("/metrics").status_code == 200
    )


def test_neither_this_machine_nor_an_administrator_is_exempt(token: str, alice: Person, browse: Any) -> None:
    assert browse(alice).get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 401


@pytest.mark.usefixtures("esempio")
@pytest.mark.usefixtures("esempio")
@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_the_token_is_asked_for_before_the_method(settings: Any, method: str) -> None:
    settings.ARENGO_METRICS_TOKEN = ""
    ask_by = getattr(Client(headers={"host": HOST}), method)
    assert ask_by("/metrics").status_code == 404
    settings.ARENGO_METRICS_TOKEN = TOKEN
    assert ask_by("/metrics").status_code == 401


def test_figures_are_only_read(token: str) -> None:
    assert (
        Client(headers={"host": HOST, "authorization": f"Bearer {token}"}).post("/metrics").status_code == 405
    )


def test_a_token_that_can_be_guessed_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def reported() -> list[str]:
        return [message.msg for message in run_checks() if "ARENGO_METRICS_TOKEN" in message.msg]

    monkeypatch.setenv("ARENGO_METRICS_TOKEN", "short")
    assert len(reported()) == 1
    monkeypatch.setenv("ARENGO_METRICS_TOKEN", TOKEN)
    assert reported() == []
    monkeypatch.setenv("ARENGO_METRICS_TOKEN", "")
    assert reported() == []


# --- what is told ---


@pytest.fixture
def numbers(esempio: Organization, altrove: Organization, sender: Sender) -> list[Sender]:
    other = make_sender(altrove, "Altrove", display_phone="+39 055 000 0002")
    return [sender, other]


def test_numbers_of_all_organizations_are_told(token: str, numbers: list[Sender]) -> None:
    for sender in numbers:
        with organization_scope(sender.organization_id):
            outbox.enqueue(sender, Address(phone="+393330000001"), Text("Buongiorno"))
    found = families(token)
    for sender, organization in zip(numbers, ("esempio", "altrove"), strict=True):
        labels = {"sender": str(sender.pk), "name": sender.name, "organization": organization}
        assert one(found["arengo_sender_active"], **labels) == 1
        assert one(found["arengo_sender_owned"], **labels) == 0
        assert one(found["arengo_sender_rate_messages_per_second"], **labels) == 80
        assert one(found["arengo_outbox_ready_deliveries"], urgency="reply", **labels) == 1
        assert one(found["arengo_outbox_ready_deliveries"], urgency="news", **labels) == 0
        assert one(found["arengo_outbox_waiting_deliveries"], state="later", **labels) == 0


def test_any_host_of_the_installation_answers_the_same(token: str, numbers: list[Sender]) -> None:
    assert ask(token, STRANGER_HOST).status_code == ask(token, "nobody.test").status_code == 200
    assert 'organization="esempio"' in ask(token, STRANGER_HOST).text


def test_work_done_is_told_by_each_process_apart(token: str, numbers: list[Sender]) -> None:
    sender = numbers[0]
    for name, number in (("host:1", 5), ("host:2", 7)):
        process_metrics = ProcessMetrics()
        process_metrics.count(ACCEPTED, sender.pk, number)
        process_metrics.count(RECEIPTS, sender.pk, number)
        process_metrics.delay(RECEIPTS, sender.pk, [0.5, 40.0])
        stats = SenderStats(sender=sender.pk, epoch=0, pace=20.0, backlog=0, in_flight=3)
        health.beat(
            name,
            "worker",
            detail=msgspec.to_builtins({"senders": [stats], "metrics": process_metrics.snapshot()}),
        )
    found, of_it = families(token), {"sender": str(sender.pk)}
    assert one(found["arengo_deliveries_accepted"], process="host:1", **of_it) == 5
    assert one(found["arengo_receipts_applied"], process="host:2", **of_it) == 7
    assert one(found["arengo_sender_pace_messages_per_second"], **of_it) == 20
    assert one(found["arengo_sender_in_flight_messages"], **of_it) == 3
    lag = {
        sample.labels["le"]: sample.value
        for sample in found["arengo_receipt_lag_seconds"].samples
        if sample.name.endswith("_bucket")
        and sample.labels["process"] == "host:1"
        and sample.labels["sender"] == str(sender.pk)
    }
    assert (lag["1.0"], lag["30.0"], lag["60.0"], lag["+Inf"]) == (1, 1, 2, 2)


def test_journal_dead_letters_and_troubles_are_told(token: str, numbers: list[Sender]) -> None:
    journal(numbers[0])
    journal(numbers[1], state=Journal.State.MARKED)
    found = families(token)
    assert one(found["arengo_journal_waiting_webhooks"]) == 1
    assert one(found["arengo_journal_marked_webhooks"], organization="altrove") == 1
    assert one(found["arengo_journal_marked_webhooks"], organization="esempio") == 0
    troubles = found["arengo_troubles"]
    assert one(troubles, kind="unread") == one(troubles, kind="no_worker", person="yes") == 1
    assert one(troubles, kind="disk_low", person="yes") == 0
    assert {sample.labels["kind"] for sample in troubles.samples} == {kind.name for kind in kinds()}


def test_the_ground_is_told(token: str, numbers: list[Sender]) -> None:
    health.beat("host:2", "web")
    found = families(token)
    assert one(found["arengo_processes"], kind="web") == 1
    assert one(found["arengo_processes"], kind="worker") == 0
    assert one(found["arengo_database_bytes"]) > 0
    assert one(found["arengo_migrations_pending"]) == 0
    assert {sample.labels["state"] for sample in found["arengo_jobs"].samples} == {"todo", "doing", "failed"}


def test_nothing_personal_is_told(token: str, numbers: list[Sender]) -> None:
    with organization_scope(numbers[0].organization_id):
        outbox.enqueue(numbers[0], Address(phone="+393331234567"), Text("Il mio codice è 1234"))
    text = ask(token).text
    for private in ("3331234567", "codice", "055 000", numbers[0].credentials.token, numbers[0].hook_key):
        assert private not in text


def test_names_and_helps_follow_the_conventions(token: str, numbers: list[Sender]) -> None:
    health.beat("host:1", "worker")
    for name, family in families(token).items():
        assert re.fullmatch(r"arengo_[a-z_]+", name)
        assert family.documentation.endswith("."), name
        assert not name.endswith("_total")
        assert (family.type == "counter") == (f"{name}_total" in {sample.name for sample in family.samples})


def test_who_prefers_openmetrics_gets_it(token: str, numbers: list[Sender]) -> None:
    answer = ask(token, accept="application/openmetrics-text; version=1.0.0")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert {family.name for family in openmetrics(answer.text)} >= {"arengo_troubles", "arengo_processes"}


def test_a_name_with_quotes_and_lines_breaks_nothing(token: str, numbers: list[Sender]) -> None:
    Sender.unscoped.filter(pk=numbers[0].pk).update(name='Il "nostro" \\ numero\nnuovo')
    assert one(families(token)["arengo_sender_active"], name='Il "nostro" \\ numero\nnuovo') == 1


def test_figures_are_kept_by_no_cache(token: str, numbers: list[Sender]) -> None:
    assert ask(token).headers["Cache-Control"] == "no-store"
