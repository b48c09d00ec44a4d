# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The control API: people, conditions, the ledger, and what it refuses."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
import urllib.error
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.sandbox.town import Town, named
from tests.support.sandbox_server import SandboxProcess, sandbox_process
from tests.support.waiting import NEVER, until


def test_an_empty_start_has_six_sample_citizens() -> None:
    with sandbox_process() as sandbox:
        people = sandbox.control("GET", "/people")["people"]
        assert len(people) == 6
        assert [person["hide_number"] for person in people].count(True) == 1
        assert max(len(person["name"]) for person in people) > 70
        assert len({person["user_id"] for person in people} | {person["phone"] for person in people}) == 12


def test_the_account_shows_ids_and_no_secret(sandbox: SandboxProcess) -> None:
    account = sandbox.control("GET", "/account")
    assert account["phone_numbers"][0]["display_phone_number"] == "+39 055 000 0001"
    assert "secret" not in str(account)
    assert "token" not in str(account)


def test_people_are_made_in_bulk_with_a_phone_prefix(town: Town) -> None:
    made = town.sandbox.control("POST", "/people", {"count": 1200, "prefix": "+39 374"})
    phones = [person["phone"] for person in made["people"]]
    assert made["count"] == len(set(phones)) == 1200
    assert all(phone.startswith("39374") and len(phone) == 12 for phone in phones)
    assert all(person["automatic"] for person in made["people"])
    more = town.sandbox.control("POST", "/people", {"count": 2, "prefix": "39374"})["people"]
    assert not {person["phone"] for person in more} & set(phones)
    last = made["people"][-1]
    for name in (last["id"], last["phone"], last["user_id"]):
        assert town.sandbox.control("GET", f"/people/{name}")["id"] == last["id"]


def test_another_prefix_is_that_of_their_names(town: Town) -> None:
    people = town.sandbox.control("POST", "/people", {"count": 2, "prefix": "Prova"})["people"]
    assert all(person["name"].startswith("Prova ") for person in people)


def test_a_million_people_cost_next_to_nothing(town: Town) -> None:
    process = psutil.Process(town.sandbox.process.pid)
    before = process.memory_info().rss
    made = town.sandbox.control("POST", "/people", {"count": 1_000_000, "prefix": "39375", "list": False})
    assert process.memory_info().rss - before < 20_000_000  # twenty bytes each: they are not kept one by one
    last = town.sandbox.control("GET", f"/people/{made['last']}")
    assert town.sandbox.control("GET", f"/people/{last['phone']}")["id"] == made["last"]
    first = town.sandbox.control("GET", f"/people/{made['first']}")
    assert first["phone"][:5] == last["phone"][:5] == "39375"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/people", {"count": 0}, 400),
        ("POST", "/people", {"count": 1_000_001}, 400),
        ("POST", "/people", {"count": 5, "prefix": "393301234567890"}, 400),
        ("POST", "/people", {"name": "x", "phone": "abc"}, 400),
        ("POST", "/people", {"name": "x", "phone": "393330000001"}, 409),
        ("GET", "/people/p999999999", None, 404),
        ("PATCH", "/people/p1", {"online": "forse"}, 400),
        ("PATCH", "/people/p1", {"shoe_size": 42}, 400),
        ("POST", "/people/p1/messages", {"type": "text"}, 400),
        ("POST", "/people/p1/messages", {"type": "telepathy"}, 400),
        ("POST", "/people/p1/messages", {"type": "text", "text": "x", "to": "7"}, 400),
        ("POST", "/people/p1/messages", {"type": "image", "image": {"id": "7"}}, 400),
        ("POST", "/people/p1/preferences", {"marketing": "maybe"}, 400),
        ("POST", "/people/p1/window", {}, 400),
        ("POST", "/conditions", {"weather": "rain"}, 400),
        ("POST", "/conditions", {"errors": [{"code": 1, "rate": 2}]}, 400),
        ("POST", "/conditions", {"webhooks": {"batch": 0}}, 400),
        ("POST", "/templates/7/status", {"status": "APPROVED"}, 404),
        ("GET", "/ledger?after=x", None, 400),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    sandbox: SandboxProcess, method: str, path: str, body: Any, status: int
) -> None:
    answer = sandbox.ask(method, f"/sandbox{path}", body)
    assert answer.status == status
    assert answer.body["error"]


def test_the_ledger_lists_every_accepted_send(town: Town, anna: dict[str, Any]) -> None:
    town.sandbox.control("DELETE", "/ledger")
    sent = [town.text(anna, f"Messaggio {n}", biz_opaque_callback_data=f"d{n}") for n in range(5)]
    town.sends({"to": anna["phone"], "type": "text", "text": {"body": ""}})
    first = town.sandbox.control("GET", "/ledger?limit=3")
    rest = town.sandbox.control("GET", f"/ledger?limit=3&after={first['next']}")
    entries = first["ledger"] + rest["ledger"]
    assert [entry["id"] for entry in entries] == sent
    assert [entry["biz_opaque_callback_data"] for entry in entries] == [f"d{n}" for n in range(5)]
    assert {(entry["to"], entry["type"]) for entry in entries} == {(anna["phone"], "text")}
    assert (first["total"], rest["next"]) == (5, None)
    town.sandbox.control("DELETE", "/ledger")
    assert town.sandbox.control("GET", "/ledger") == {"ledger": [], "total": 0, "next": None}
    assert len(town.chat(anna)) == 6


def test_conditions_are_merged_and_reset(town: Town) -> None:
    town.conditions(latency_ms=5, webhooks={"batch": 7})
    shown = town.conditions(webhooks={"duplicate": 0.5}, mps=10)
    assert (shown["latency_ms"], shown["mps"]) == (5, 10)
    assert (shown["webhooks"]["batch"], shown["webhooks"]["duplicate"]) == (7, 0.5)
    assert town.sandbox.control("DELETE", "/conditions")["webhooks"]["batch"] == 100


def test_latency_makes_answers_slow(town: Town, anna: dict[str, Any]) -> None:
    town.conditions(latency_ms=250)
    started = time.monotonic()
    town.text(anna)
    assert time.monotonic() - started > 0.25


@pytest.mark.parametrize(("when", "accepted"), [("before", 0), ("after", 1)])
def test_a_connection_can_break_before_or_after_acceptance(
    town: Town, anna: dict[str, Any], when: str, accepted: int
) -> None:
    town.sandbox.control("DELETE", "/ledger")
    town.conditions(errors=[{"kind": "reset", "when": when, "rate": 1}])
    with pytest.raises((urllib.error.URLError, ConnectionError, http.client.RemoteDisconnected)):
        town.sends({"to": anna["phone"], "text": {"body": "x"}})
    assert town.sandbox.control("GET", "/ledger")["total"] == accepted


@pytest.mark.parametrize(("kind", "accepted"), [("timeout_before", 0), ("timeout_after", 1)])
def test_an_answer_can_stay_away(town: Town, anna: dict[str, Any], kind: str, accepted: int) -> None:
    town.sandbox.control("DELETE", "/ledger")
    town.conditions(errors=[{"kind": kind, "rate": 1, "seconds": 0.3}])
    started = time.monotonic()
    with pytest.raises((urllib.error.URLError, ConnectionError, http.client.RemoteDisconnected)):
        town.sends({"to": anna["phone"], "text": {"body": "x"}})
    assert time.monotonic() - started > 0.29  # the two clocks are not the same
    assert town.sandbox.control("GET", "/ledger")["total"] == accepted


@pytest.mark.parametrize(("when", "accepted"), [("before", 0), ("after", 1)])
def test_a_gateway_may_answer_with_a_page(town: Town, anna: dict[str, Any], when: str, accepted: int) -> None:
    town.sandbox.control("DELETE", "/ledger")
    town.conditions(errors=[{"http": 502, "when": when, "rate": 1}])
    answer = town.sends({"to": anna["phone"], "text": {"body": "x"}})
    assert answer.status == 502
    assert answer.body.startswith("<html>")
    assert town.sandbox.control("GET", "/ledger")["total"] == accepted


@pytest.mark.parametrize(("when", "accepted"), [("before", 0), ("after", 1)])
def test_an_answer_can_break_off(town: Town, anna: dict[str, Any], when: str, accepted: int) -> None:
    town.sandbox.control("DELETE", "/ledger")
    town.conditions(errors=[{"kind": "malformed", "when": when, "rate": 1}])
    answer = town.sends({"to": anna["phone"], "text": {"body": "x"}})
    assert answer.status == 200
    assert isinstance(answer.body, str), "the body is JSON all the same"
    assert town.sandbox.control("GET", "/ledger")["total"] == accepted


@pytest.mark.parametrize(("when", "accepted"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("kind", ["half", "close"])
def test_a_connection_can_end_before_its_answer_does(
    town: Town, anna: dict[str, Any], kind: str, when: str, accepted: int
) -> None:
    town.sandbox.control("DELETE", "/ledger")
    town.conditions(errors=[{"kind": kind, "when": when, "rate": 1}])
    with pytest.raises((urllib.error.URLError, ConnectionError, http.client.HTTPException)):
        town.sends({"to": anna["phone"], "text": {"body": "x"}})
    assert town.sandbox.control("GET", "/ledger")["total"] == accepted


@pytest.mark.parametrize(("when", "accepted"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"code": 131000}, 500),
        ({"code": 133004}, 503),
        ({"code": 131026, "as": "response", "http": 500}, 500),
        ({"kind": "redirect"}, 302),
    ],
)
def test_an_answer_can_refuse_what_was_accepted(
    town: Town, anna: dict[str, Any], fault: dict[str, Any], status: int, when: str, accepted: int
) -> None:
    town.sandbox.control("DELETE", "/ledger")
    town.conditions(errors=[{**fault, "when": when, "rate": 1}])
    answered, body = _raw(town, anna)
    assert answered.status == status
    if "code" in fault:
        assert json.loads(body)["error"]["code"] == fault["code"]
    assert town.sandbox.control("GET", "/ledger")["total"] == accepted


@pytest.mark.parametrize("kind", ["gzip", "gzip_broken"])
def test_an_answer_can_be_packed_and_damaged(town: Town, anna: dict[str, Any], kind: str) -> None:
    town.conditions(errors=[{"kind": kind, "when": "after", "rate": 1}])
    answered, packed = _raw(town, anna)
    assert (answered.status, answered.headers["Content-Encoding"]) == (200, "gzip")
    if kind == "gzip":
        assert b"wamid" in gzip.decompress(packed)
    else:
        with pytest.raises(EOFError):
            gzip.decompress(packed)


def test_an_answer_can_be_late(town: Town, anna: dict[str, Any]) -> None:
    town.conditions(errors=[{"kind": "late", "seconds": 0.3, "rate": 1}])
    started = time.monotonic()
    assert town.text(anna).startswith("wamid")
    assert time.monotonic() - started > 0.29


def test_receipts_can_be_withheld(town: Town, anna: dict[str, Any]) -> None:
    town.conditions(webhooks={"receipts": False}, delivered_after_ms=0)
    wamid = town.text(anna)
    until(lambda: any(each["id"] == wamid and each["status"] == "delivered" for each in town.chat(anna)))
    assert town.sandbox.control("GET", "/health")["webhooks"]["pending"] == 0


def _raw(town: Town, person: dict[str, Any]) -> tuple[http.client.HTTPResponse, bytes]:
    """One send, its answer as it came: nothing followed, nothing unpacked."""
    body = {"messaging_product": "whatsapp", "to": person["phone"], "text": {"body": "x"}}
    headers = {"Authorization": f"Bearer {town.sandbox.token}", "Content-Type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", town.sandbox.port, timeout=NEVER)) as where:
        where.request("POST", f"/v24.0/{town.number}/messages", json.dumps(body), headers)
        answered = where.getresponse()
        return answered, answered.read()


def test_who_hangs_up_while_asking_is_not_an_error(tmp_path: Path) -> None:
    log = tmp_path / "stderr"
    with log.open("wb") as output, sandbox_process(stderr=output) as sandbox:
        sandbox.control("POST", "/conditions", {"latency_ms": 300})
        with socket.create_connection(("127.0.0.1", sandbox.port)) as caller:
            head = f"POST /v24.0/{sandbox.phone_number_id}/messages HTTP/1.1\r\nHost: x\r\n"
            caller.sendall(
                f"{head}Authorization: Bearer {sandbox.token}\r\nContent-Length: 1000\r\n\r\n{{".encode()
            )
            time.sleep(0.1)
        time.sleep(0.5)
        assert sandbox.control("GET", "/health")["status"] == "ok"
    assert log.read_text() == ""


def test_a_share_of_sends_fails(town: Town) -> None:
    town.approved("sorte")
    town.conditions(errors=[{"code": 131000, "rate": 0.5}])
    people = town.sandbox.control("POST", "/people", {"count": 60})["people"]
    statuses = [town.sends({"to": person["phone"], **named("sorte")}).status for person in people]
    assert 10 < statuses.count(500) < 50


def test_a_page_of_another_site_cannot_drive_it(sandbox: SandboxProcess) -> None:
    headers = {"Origin": "https://www.example.org"}
    assert sandbox.ask("POST", "/sandbox/people", {"count": 1}, headers).status == 403
    assert sandbox.ask("POST", "/sandbox/people", {"count": 1}, {"Origin": sandbox.url}).status == 201
