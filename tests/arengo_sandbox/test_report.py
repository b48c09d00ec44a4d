# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of an accepted message is told in statuses, in the order of the platform's own life."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.arengo_sandbox.catcher import Catcher
from tests.arengo_sandbox.town import Town, named


def test_a_message_is_sent_then_delivered_then_read(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    wamid = town.text(anna)
    catcher.wait_status(wamid, "delivered")
    assert town.sandbox.control("POST", f"/people/{anna['id']}/read", {}) == {"read": 1}
    read = catcher.wait_status(wamid, "read")
    assert catcher.statuses(wamid) == ["sent", "delivered", "read"]
    assert "pricing" not in read
    assert "conversation" not in read


def test_pricing_comes_with_sent_and_with_delivered(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    wamid = town.text(anna)
    for status in ("sent", "delivered"):
        pricing = catcher.wait_status(wamid, status)["pricing"]
        assert pricing == {
            "billable": False,
            "pricing_model": "PMP",
            "type": "regular",
            "category": "service",
        }


def test_a_template_is_priced_by_its_category(town: Town, catcher: Catcher) -> None:
    town.approved("notizia_breve", category="MARKETING")
    wamid = town.sent({"to": town.citizen()["phone"], **named("notizia_breve")})
    pricing = catcher.wait_status(wamid, "sent")["pricing"]
    assert (pricing["category"], pricing["billable"]) == ("marketing", True)


def test_statuses_carry_the_contact(town: Town, anna: dict[str, Any], catcher: Catcher) -> None:
    wamid = town.text(anna)
    catcher.wait_status(wamid, "delivered")
    value = next(
        v for v in catcher.changes("messages") if any(s["id"] == wamid for s in v.get("statuses", []))
    )
    assert {"profile": {"name": "Anna Esempio"}, "wa_id": anna["phone"], "user_id": anna["user_id"]} in value[
        "contacts"
    ]
    assert value["metadata"] == {"display_phone_number": "390550000001", "phone_number_id": town.number}


def _failure(catcher: Catcher, wamid: str) -> dict[str, Any]:
    status = catcher.wait_status(wamid, "failed")
    assert catcher.statuses(wamid) == ["failed"]
    assert "pricing" not in status
    (error,) = status["errors"]
    assert error["title"]
    assert error["message"] == error["title"]
    assert error["error_data"]["details"]
    assert error["href"].startswith("/documentation/")
    return dict(error)


def test_somebody_who_is_not_on_whatsapp_fails_late(town: Town, catcher: Catcher) -> None:
    answer = town.sends({"to": "+39 347 999 9999", "type": "text", "text": {"body": "x"}})
    assert answer.status == 200
    assert _failure(catcher, answer.body["messages"][0]["id"])["code"] == 131026


def test_a_free_message_outside_the_window_fails_late(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    town.sandbox.control("POST", f"/people/{anna['id']}/window", {"closed": True})
    assert _failure(catcher, town.text(anna))["code"] == 131047
    town.writes(anna, "Ci siete?")
    catcher.wait_status(town.text(anna), "delivered")


def test_somebody_who_never_wrote_has_no_window(town: Town, catcher: Catcher) -> None:
    assert _failure(catcher, town.text(town.citizen()))["code"] == 131047


def test_marketing_to_somebody_who_stopped_it_fails_late(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    town.approved("eventi_mese", category="MARKETING")
    town.approved("avviso_mese", category="UTILITY")
    town.sandbox.control("POST", f"/people/{anna['id']}/preferences", {"marketing": "stop"})
    assert _failure(catcher, town.sent({"to": anna["phone"], **named("eventi_mese")}))["code"] == 131050
    catcher.wait_status(town.sent({"to": anna["phone"], **named("avviso_mese")}), "delivered")
    town.sandbox.control("POST", f"/people/{anna['id']}/preferences", {"marketing": "resume"})
    catcher.wait_status(town.sent({"to": anna["phone"], **named("eventi_mese")}), "delivered")


def test_a_phone_without_signal_gets_it_later(town: Town, anna: dict[str, Any], catcher: Catcher) -> None:
    town.sandbox.control("PATCH", f"/people/{anna['id']}", {"online": False})
    wamid = town.text(anna)
    catcher.wait_status(wamid, "sent")
    time.sleep(0.3)
    assert catcher.statuses(wamid) == ["sent"]
    town.sandbox.control("PATCH", f"/people/{anna['id']}", {"online": True})
    catcher.wait_status(wamid, "delivered")


def test_what_a_citizen_writes_without_signal_goes_out_later(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    town.sandbox.control("PATCH", f"/people/{anna['id']}", {"online": False})
    wamid = town.writes(anna, "Scritto in galleria")
    time.sleep(0.2)
    assert all(message["id"] != wamid for message in catcher.items("messages"))
    town.sandbox.control("PATCH", f"/people/{anna['id']}", {"online": True})
    assert catcher.wait_message(wamid)["text"]["body"] == "Scritto in galleria"


def test_a_citizen_who_blocked_the_business_gets_nothing(
    town: Town, anna: dict[str, Any], catcher: Catcher
) -> None:
    town.sandbox.control("PATCH", f"/people/{anna['id']}", {"blocked_business": True})
    wamid = town.text(anna)
    catcher.wait_status(wamid, "sent")
    time.sleep(0.3)
    assert catcher.statuses(wamid) == ["sent"]
    town.sandbox.control("PATCH", f"/people/{anna['id']}", {"blocked_business": False})
    catcher.wait_status(town.text(anna, "Di nuovo qui"), "delivered")
    assert catcher.statuses(wamid) == ["sent"]


def test_a_share_of_the_crowd_reads(town: Town, catcher: Catcher) -> None:
    town.approved("lettura_intera")
    town.conditions(read_rate=1.0)
    people = town.sandbox.control("POST", "/people", {"count": 5, "prefix": "39371"})["people"]
    for wamid in [town.sent({"to": person["phone"], **named("lettura_intera")}) for person in people]:
        catcher.wait_status(wamid, "read")


@pytest.mark.parametrize("code", [131049, 130472, 131042])
def test_conditions_make_messages_fail_late(
    town: Town, anna: dict[str, Any], catcher: Catcher, code: int
) -> None:
    town.conditions(errors=[{"code": code, "rate": 1}])
    assert _failure(catcher, town.text(anna))["code"] == code


@pytest.mark.parametrize(
    ("code", "http"), [(130429, 400), (131000, 500), (2, 503), (190, 401), (368, 403), (80007, 400)]
)
def test_conditions_make_requests_fail_at_once(
    town: Town, anna: dict[str, Any], code: int, http: int
) -> None:
    town.conditions(errors=[{"code": code, "rate": 1}])
    answer = town.sends({"to": anna["phone"], "type": "text", "text": {"body": "x"}})
    assert (answer.status, answer.body["error"]["code"]) == (http, code)


def test_a_message_that_failed_is_not_on_the_phone_as_delivered(town: Town, catcher: Catcher) -> None:
    person = town.citizen()
    _failure(catcher, town.text(person))
    (message,) = town.chat(person)
    assert message["status"] == "failed"
    assert message["error"]["code"] == 131047
