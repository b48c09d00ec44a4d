# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages a second, messages to one person, new people a day."""

from __future__ import annotations

import time
from typing import Any

from arengo_sandbox.limits import PairLimit, Throughput, Tier
from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.town import Town, named


def test_a_number_may_send_its_messages_a_second_and_no_more() -> None:
    bucket = Throughput()
    assert sum(bucket.take("n", 80, now=100.0) for _ in range(200)) == 80
    assert sum(bucket.take("n", 80, now=100.5) for _ in range(200)) == 40
    assert bucket.take("another", 80, now=100.5)


def test_one_person_may_get_45_at_once_and_then_one_in_six_seconds() -> None:
    pairs = PairLimit()
    assert sum(pairs.take("n", "anna", now=100.0) for _ in range(60)) == 45
    assert not pairs.take("n", "anna", now=105.0)
    assert pairs.take("n", "anna", now=106.0)
    assert not pairs.take("n", "anna", now=106.1)
    assert pairs.take("n", "bruno", now=106.1)


def test_the_daily_tier_counts_people_and_forgets_them_after_a_day() -> None:
    tier = Tier()
    assert all(tier.take(f"p{n}", 250, now=0.0) for n in range(250))
    assert not tier.take("p250", 250, now=10.0)
    assert tier.take("p0", 250, now=10.0), "somebody already reached costs nothing more"
    assert tier.take("p250", 250, now=86_401.0)
    assert tier.take("anybody", None, now=10.0)


def test_the_day_of_the_tier_may_be_made_to_pass() -> None:
    tier = Tier()
    assert tier.take("anna", 1, now=100.0)
    assert not tier.take("bruno", 1, now=100.0)
    tier.age(23 * 3600)
    assert not tier.take("bruno", 1, now=100.0)
    tier.age(3600)
    assert tier.take("bruno", 1, now=100.0)


def test_beyond_the_pace_the_answer_is_130429(town: Town) -> None:
    town.approved("ritmo")
    town.conditions(mps=1)
    people = town.sandbox.control("POST", "/people", {"count": 12, "prefix": "39372"})["people"]
    began = time.monotonic()
    answers = [town.sends({"to": person["phone"], **named("ritmo")}) for person in people]
    refused = [answer for answer in answers if answer.status != 200]
    assert 1 <= len(answers) - len(refused) <= 1 + (time.monotonic() - began)
    assert {answer.body["error"]["code"] for answer in refused} == {130429}
    assert refused[0].body["error"]["error_subcode"] == 2494055


def test_too_many_to_one_person_is_131056(town: Town, anna: dict[str, Any]) -> None:
    began = time.monotonic()
    accepted = 0
    while (answer := town.sends({"to": anna["phone"], "text": {"body": "x"}})).status == 200:
        accepted += 1
    assert 45 <= accepted <= 45 + (time.monotonic() - began) / 6
    assert (answer.status, answer.body["error"]["code"]) == (400, 131056)
    town.conditions(pair_limit=False)
    assert town.sends({"to": anna["phone"], "text": {"body": "x"}}).status == 200


def test_beyond_the_tier_messages_fail_late(town: Town, anna: dict[str, Any], catcher: Catcher) -> None:
    town.approved("fascia")
    town.conditions(tier=2)
    number = town.sandbox.graph(
        "GET", f"/{town.number}?fields=whatsapp_business_manager_messaging_limit"
    ).body
    assert number == {"whatsapp_business_manager_messaging_limit": "TIER_2", "id": town.number}
    strangers = [town.citizen() for _ in range(3)]
    sent = [town.sent({"to": person["phone"], **named("fascia")}) for person in strangers]
    for wamid in sent[:2]:
        catcher.wait_status(wamid, "delivered")
    assert catcher.wait_status(sent[2], "failed")["errors"][0]["code"] == 131048
    told = catcher.wait(lambda: catcher.changes("business_capability_update"))
    assert told[-1]["max_daily_conversations_per_business"] == 2
    assert town.sandbox.control("POST", "/tier", {"hours": 24}) == {"hours": 24}
    catcher.wait_status(town.sent({"to": strangers[2]["phone"], **named("fascia")}), "delivered")
    catcher.wait_status(town.sent({"to": anna["phone"], **named("fascia")}), "delivered")
