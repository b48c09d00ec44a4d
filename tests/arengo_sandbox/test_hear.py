# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What citizens write reaches the business in the shapes of Meta's own examples."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.meta import example, shape, unlike
from tests.arengo_sandbox.town import Town
from tests.arengo_sandbox.written import WRITTEN
from tests.support.waiting import NEVER, until

LATER = {"from_user_id", "user_id", "origin"}  # what Meta sends since its examples were written


@pytest.mark.parametrize(("body", "name"), [case[1:] for case in WRITTEN], ids=[case[0] for case in WRITTEN])
def test_every_kind_has_the_shape_of_metas_example(
    town: Town, catcher: Catcher, body: dict[str, Any], name: str
) -> None:
    citizen = town.citizen("Anna Esempio")
    wamid = town.writes(citizen, **body)
    catcher.wait_message(wamid)
    post = next(post for post in catcher.posts if wamid.encode() in post.body)
    expected = example("webhooks", f"webhooks.referencia.messages.{name}")
    (change,) = [c for c in post.payload["entry"][0]["changes"] if wamid in json.dumps(c)]
    mine = {
        "object": post.payload["object"],
        "entry": [{"id": post.payload["entry"][0]["id"], "changes": [change]}],
    }
    assert unlike(shape(mine), shape(expected), allowed_more=LATER) == []


def test_a_hidden_number_shows_only_the_business_scoped_id(town: Town, catcher: Catcher) -> None:
    elena = town.citizen("Elena Senzanumero", hide_number=True)
    wamid = town.writes(elena, "Buongiorno")
    message = catcher.wait_message(wamid)
    assert message["from_user_id"] == elena["user_id"]
    assert "from" not in message
    post = next(post for post in catcher.posts if wamid.encode() in post.body)
    assert elena["phone"].encode() not in post.body
    (contact,) = post.payload["entry"][0]["changes"][0]["value"]["contacts"]
    assert contact == {
        "profile": {"name": "Elena Senzanumero", "username": elena["username"]},
        "user_id": elena["user_id"],
    }


def test_the_signature_is_over_the_bytes_as_they_came(town: Town, catcher: Catcher) -> None:
    wamid = town.writes(town.citizen(), "È già aperto? 😀 http://e.org")
    catcher.wait_message(wamid)
    post = catcher.posts[-1]
    assert post.signed_with(town.sandbox.app_secret)
    assert not post.signed_with("another secret")
    assert post.body.isascii()
    assert b"\\u00c8 gi\\u00e0 aperto? \\ud83d\\ude00 http:\\/\\/e.org" in post.body


def test_a_photo_can_be_fetched_by_its_id_and_by_its_address(town: Town, catcher: Catcher) -> None:
    content = b"\x89PNG una fotografia"
    given = {"data": base64.b64encode(content).decode(), "mime_type": "image/png"}
    message = catcher.wait_message(town.writes(town.citizen(), type="image", image=given))
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert message["image"]["sha256"] == digest
    node = town.sandbox.graph("GET", f"/{message['image']['id']}").body
    for address in (node["url"], message["image"]["url"]):
        wanted = urllib.request.Request(address, headers={"Authorization": f"Bearer {town.sandbox.token}"})  # noqa: S310 - the sandbox's own
        with urllib.request.urlopen(wanted, timeout=NEVER) as got:  # noqa: S310 - as above
            assert got.read() == content
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(address, timeout=NEVER)  # noqa: S310 - as above


def test_a_new_number_is_told_by_a_system_message(town: Town, catcher: Catcher) -> None:
    person = town.citizen("Anna Esempio")
    new = str(int(person["phone"]) + 50_000)
    wamid = town.writes(person, type="system", system={"type": "user_changed_number", "phone": new})
    message = catcher.wait_message(wamid)
    assert message["type"] == "system"
    assert message["from"] == person["phone"]
    assert message["system"]["wa_id"] == new
    assert message["system"]["user_id"] != person["user_id"]
    value = next(v for v in catcher.changes("messages") if wamid in json.dumps(v))
    assert "contacts" not in value
    assert message["system"]["previous_user_id"] == person["user_id"]
    assert message["system"]["type"] == "user_changed_number"
    assert message["from_user_id"] == message["system"]["user_id"]
    expected = example("bsuid", "business-scoped-user-ids__system_messages_webhooks")
    shown = expected["entry"][0]["changes"][0]["value"]["messages"][0]
    assert {*shown["system"], "previous_user_id"} - {"parent_user_id"} == set(message["system"])


def test_the_new_id_of_who_shows_no_number_is_told_without_any_number(town: Town, catcher: Catcher) -> None:
    person = town.citizen("Elena Senzanumero", hide_number=True)
    new = str(int(person["phone"]) + 60_000)
    wamid = town.writes(person, type="system", system={"type": "user_changed_number", "phone": new})
    message = catcher.wait_message(wamid)
    assert message["system"]["type"] == "user_changed_user_id"
    assert message["system"]["previous_user_id"] == person["user_id"] != message["system"]["user_id"]
    assert message["from_user_id"] == message["system"]["user_id"]
    assert not {"from", "wa_id"} & {*message, *message["system"]}
    assert new not in json.dumps(message)
    assert person["phone"] not in json.dumps(message)
    assert catcher.changes("user_id_update") == []


def test_the_shape_of_statuses_is_that_of_2026(town: Town, anna: dict[str, Any], catcher: Catcher) -> None:
    wamid = town.text(anna)
    status = catcher.wait_status(wamid, "delivered")
    expected = example("bsuid", "business-scoped-user-ids__status_messages_webhooks")
    shown = expected["entry"][0]["changes"][0]["value"]
    assert set(shown["statuses"][0]) - {"recipient_parent_user_id"} <= set(status)
    assert set(status) - set(shown["statuses"][0]) == {"pricing"}


@pytest.mark.parametrize("wish", ["stop", "resume"])
def test_a_wish_about_marketing_is_told(town: Town, catcher: Catcher, wish: str) -> None:
    person = town.citizen("Anna Esempio")
    town.sandbox.control("POST", f"/people/{person['id']}/preferences", {"marketing": wish})
    (value,) = catcher.wait(lambda: catcher.changes("user_preferences"))
    expected = example("bsuid", "business-scoped-user-ids__user_preferences_webhooks")
    theirs = expected["entry"][0]["changes"][0]["value"]["user_preferences"][0]
    (preference,) = value["user_preferences"]
    assert set(preference) == set(theirs) - {"parent_user_id"}
    assert preference["value"] == wish
    assert isinstance(preference["timestamp"], int)


def test_the_writings_of_a_blocked_person_are_not_told(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    wanted = {"messaging_product": "whatsapp", "block_users": [{"user": anna["phone"]}]}
    blocked = town.sandbox.graph("POST", f"/{town.number}/block_users", wanted)
    assert blocked.body["block_users"]["added_users"][0]["wa_id"] == anna["phone"]
    refused = town.sends({"to": anna["phone"], "text": {"body": "x"}})
    assert refused.body["error"]["code"] == 130403
    silent = town.writes(anna, "Mi sentite?")
    town.sandbox.graph("DELETE", f"/{town.number}/block_users", wanted)
    heard = town.writes(anna, "E adesso?")
    catcher.wait_message(heard)
    assert silent not in {message["id"] for message in catcher.items("messages")}


def test_anything_at_all_can_be_put_on_the_wire(town: Town, catcher: Catcher) -> None:
    wamid = town.writes(town.citizen(), type="raw", message={"type": "hologram", "hologram": {"depth": 3}})
    message = catcher.wait_message(wamid)
    assert (message["type"], message["hologram"]) == ("hologram", {"depth": 3})


def test_there_may_be_several_numbers() -> None:
    from tests.arengo_sandbox.catcher import catching
    from tests.support.sandbox_server import sandbox_process

    with (
        sandbox_process(SANDBOX_PHONE_NUMBER_IDS="111, 222") as sandbox,
        catching() as whole,
        catching() as second,
    ):
        for path, body in (
            (
                "/200000000000001/subscribed_apps",
                {"override_callback_uri": whole.url, "verify_token": whole.verify_token},
            ),
            (
                "/222",
                {
                    "webhook_configuration": {
                        "override_callback_uri": second.url,
                        "verify_token": second.verify_token,
                    }
                },
            ),
        ):
            assert sandbox.graph("POST", path, body).body == {"success": True}
        to_first = sandbox.control(
            "POST", "/people/p1/messages", {"type": "text", "text": "Uno", "to": "111"}
        )["id"]
        to_second = sandbox.control(
            "POST", "/people/p1/messages", {"type": "text", "text": "Due", "to": "222"}
        )["id"]
        whole.wait_message(to_first)
        second.wait_message(to_second)
        assert len(whole.items("messages")) == len(second.items("messages")) == 1


def test_what_was_written_without_signal_has_its_own_time_and_moves_no_window_back(
    town: Town, catcher: Catcher
) -> None:
    anna = town.citizen("Anna Esempio")
    town.writes(anna, "Adesso")
    wamid = town.writes(anna, type="text", text="Ieri", ago=30 * 3600)
    message = catcher.wait_message(wamid)
    assert abs(time.time() - 30 * 3600 - int(message["timestamp"])) < 60
    assert town.sent({"to": anna["phone"], "type": "text", "text": {"body": "Buongiorno"}})


@pytest.mark.parametrize("ago", [-1, "ieri", True, 31 * 24 * 3600])
def test_a_time_that_is_none_is_refused(town: Town, ago: object) -> None:
    anna = town.citizen("Anna Esempio")
    with pytest.raises(AssertionError, match="ago is a number of seconds"):
        town.writes(anna, type="text", text="Ieri", ago=ago)


def test_a_call_that_nobody_took_is_told_as_one(town: Town, catcher: Catcher) -> None:
    anna = town.citizen("Anna Esempio")
    called = town.writes(anna, type="call")
    until(lambda: any(called.encode() in post.body for post in catcher.posts))
    post = next(post for post in catcher.posts if called.encode() in post.body)
    (change,) = (one for one in post.payload["entry"][0]["changes"] if called in json.dumps(one))
    (call,) = change["value"]["calls"]
    assert (change["field"], call["event"], call["direction"]) == ("calls", "terminate", "USER_INITIATED")
    assert call["from"] == anna["phone"]
