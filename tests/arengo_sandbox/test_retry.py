# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Webhooks find their way: the handshake, repeats until 200, batches, duplicates, disorder."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.town import Town, named


def _crowd_sends(town: Town, name: str, count: int) -> list[str]:
    town.approved(name)
    people = town.sandbox.control("POST", "/people", {"count": count})["people"]
    return [town.sent({"to": person["phone"], **named(name)}) for person in people]


@pytest.mark.parametrize(
    "change", [{"verify_token": "sbagliata"}, {"override_callback_uri": "http://127.0.0.1:9/hooks"}]
)
def test_an_address_that_fails_the_handshake_is_refused(
    town: Town, catcher: Catcher, change: dict[str, str]
) -> None:
    wanted = {"override_callback_uri": catcher.url, "verify_token": catcher.verify_token} | change
    answer = town.sandbox.graph("POST", f"/{town.sandbox.waba_id}/subscribed_apps", wanted)
    assert (answer.status, answer.body["error"]["code"]) == (400, 2200)
    listed = town.sandbox.graph("GET", f"/{town.sandbox.waba_id}/subscribed_apps").body["data"]
    assert listed[0]["override_callback_uri"] == catcher.url


def test_unsubscribed_means_silence(town: Town, catcher: Catcher) -> None:
    assert town.sandbox.graph("DELETE", f"/{town.sandbox.waba_id}/subscribed_apps").body == {"success": True}
    wamid = town.writes(town.citizen(), "C'è qualcuno?")
    time.sleep(0.2)
    assert all(message["id"] != wamid for message in catcher.items("messages"))
    assert town.sandbox.graph("GET", f"/{town.sandbox.waba_id}/subscribed_apps").body == {"data": []}


def test_what_was_not_answered_200_is_posted_again(town: Town, catcher: Catcher) -> None:
    catcher.answer = 503
    wamid = town.writes(town.citizen(), "Insisto")
    catcher.wait(lambda: catcher.refused >= 3)
    catcher.answer = 200
    catcher.wait_message(wamid)
    time.sleep(0.5)
    assert [message["id"] for message in catcher.items("messages")] == [wamid]


def test_the_pauses_between_repeats_grow(town: Town, catcher: Catcher) -> None:
    catcher.answer = 500
    started = time.monotonic()
    town.writes(town.citizen(), "Insisto")
    catcher.wait(lambda: catcher.refused >= 4)
    # 0.2 + 0.4 + 0.8 s: the base is 0.2 s in these tests.
    assert time.monotonic() - started > 1.3


def test_statuses_travel_together(town: Town, catcher: Catcher) -> None:
    town.conditions(webhooks={"gather_ms": 1000, "batch": 1000}, delivered_after_ms=0)
    wamids = _crowd_sends(town, "insieme", 30)
    for wamid in wamids:
        catcher.wait_status(wamid, "delivered")
    assert len(catcher.posts) <= len(
        wamids
    )  # two statuses each, on a machine however slow; a handful on any other


def test_a_batch_is_as_small_as_asked(town: Town, catcher: Catcher) -> None:
    town.conditions(webhooks={"batch": 1})
    for wamid in _crowd_sends(town, "da_soli", 4):
        catcher.wait_status(wamid, "delivered")
    posts = [post.payload["entry"][0]["changes"] for post in catcher.posts]
    assert all(len(changes) == 1 for changes in posts)
    assert all(len(changes[0]["value"].get("statuses", [0])) == 1 for changes in posts)


def test_duplicates_come_when_asked(town: Town, catcher: Catcher) -> None:
    town.conditions(webhooks={"duplicate": 1})
    wamid = town.writes(town.citizen(), "Due volte")
    catcher.wait(lambda: [m["id"] for m in catcher.items("messages")].count(wamid) == 2)


def test_disorder_comes_when_asked(town: Town, catcher: Catcher) -> None:
    town.conditions(webhooks={"shuffle": True, "batch": 1}, delivered_after_ms=0)
    wamids = _crowd_sends(town, "sparsi", 20)
    for wamid in wamids:
        catcher.wait_status(wamid, "sent")
        catcher.wait_status(wamid, "delivered")
    assert any(catcher.statuses(wamid) == ["delivered", "sent"] for wamid in wamids)


def test_webhooks_can_be_late(town: Town, catcher: Catcher) -> None:
    town.conditions(webhooks={"delay_ms": 400})
    started = time.monotonic()
    catcher.wait_message(town.writes(town.citizen(), "Piano piano"))
    assert time.monotonic() - started > 0.4


def test_every_post_is_signed(town: Town, anna: dict[str, Any], catcher: Catcher) -> None:
    catcher.wait_status(town.text(anna, "È così"), "delivered")
    assert catcher.posts
    assert all(post.signed_with(town.sandbox.app_secret) for post in catcher.posts)
