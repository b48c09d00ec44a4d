# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts, templates and the account: what WhatsApp reports as events."""

from __future__ import annotations

from typing import Any

import pytest

from arengo.platforms.contract import (
    Address,
    ReceiptReceived,
    ReceiptStatus,
    Remedy,
    SenderNotice,
    TemplateChanged,
)
from tests.factories.webhooks import webhook
from tests.platforms.webhooks import AT, only, parse, status

# --- receipts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["sent", "delivered", "read", "played", "failed"])
def test_each_status_is_a_receipt(word: str) -> None:
    event = only(
        parse(
            webhook(
                statuses=[
                    status(
                        word,
                        biz_opaque_callback_data="d-1",
                        pricing={"billable": True, "category": "utility"},
                    )
                ]
            )
        )
    )
    assert event == ReceiptReceived(
        "wamid.A",
        ReceiptStatus(word),
        AT,
        "d-1",
        Address("+393330000001"),
        billable=True,
        price_category="utility",
        number_id="100000000000001",
    )


def test_a_failure_carries_its_reason_and_remedy_and_no_number() -> None:
    error = {
        "code": 131047,
        "title": "Re-engagement message",
        "error_data": {"details": "+39 333 000 0001 is late"},
    }
    event = only(parse(webhook(statuses=[status("failed", errors=[error])])))
    assert (event.code, event.remedy, event.title) == (131047, Remedy.WINDOW_CLOSED, "Re-engagement message")
    assert event.details == "… is late"


@pytest.mark.parametrize(
    ("parent", "name"),
    [("IT.ENT.9", n) for n in ("parent_recipient_user_id", "parent_user_id", "recipient_parent_user_id")],
)
def test_a_receipt_may_name_only_the_user_id_and_a_parent_under_any_name(parent: str, name: str) -> None:
    bare = {
        "id": "wamid.A",
        "status": "read",
        "timestamp": "1749416383",
        "recipient_user_id": "IT.5",
        name: parent,
    }
    assert only(parse(webhook(statuses=[bare]))).address == Address(user_id="IT.5")


def test_a_receipt_without_any_recipient_is_still_a_receipt() -> None:
    assert (
        only(parse(webhook(statuses=[{"id": "wamid.A", "status": "read", "timestamp": 1749416383}]))).address
        is None
    )


def test_the_group_of_a_group_message_is_nobody() -> None:
    assert (
        only(
            parse(webhook(statuses=[status("sent", recipient_type="group", recipient_id="120363000000001")]))
        ).address
        is None
    )


# --- templates and the account ----------------------------------------------------------------------------

TEMPLATE = {"message_template_id": 5, "message_template_name": "avviso", "message_template_language": "it"}


@pytest.mark.parametrize(
    ("field", "more", "expected"),
    [
        (
            "message_template_status_update",
            {"event": "APPROVED", "reason": "NONE", "message_template_category": "UTILITY"},
            {"status": "APPROVED", "category": "UTILITY"},
        ),
        (
            "message_template_status_update",
            {
                "event": "REJECTED",
                "reason": "INVALID_FORMAT",
                "rejection_info": {"reason": "No.", "recommendation": "Do."},
            },
            {"status": "REJECTED", "reason": "No. Do."},
        ),
        (
            "message_template_status_update",
            {"event": "PAUSED", "reason": None, "other_info": {"title": "FIRST_PAUSE", "description": "3 h"}},
            {"status": "PAUSED", "reason": "3 h"},
        ),
        (
            "message_template_quality_update",
            {"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"},
            {"quality": "YELLOW"},
        ),
        ("message_template_components_update", {"message_template_element": "…"}, {}),
        (
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING"},
            {"category": "MARKETING"},
        ),
    ],
)
def test_each_change_of_a_template_is_told(
    field: str, more: dict[str, Any], expected: dict[str, str]
) -> None:
    assert only(parse(webhook(field, **TEMPLATE, **more))) == TemplateChanged("5", "avviso", "it", **expected)


def test_a_category_that_will_change_is_announced_before_it_costs_more() -> None:
    more = {
        "new_category": "UTILITY",
        "correct_category": "MARKETING",
        "category_update_timestamp": 1746169200,
    }
    event = only(parse(webhook("template_category_update", **TEMPLATE, **more)))
    assert isinstance(event, SenderNotice)
    assert event.severity == "warning"
    assert "02/05/2025" in event.summary
    assert "avviso" in event.summary


@pytest.mark.parametrize(
    ("field", "value", "severity"),
    [
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}, "stop"),
        (
            "account_update",
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["SCHEDULE_FOR_DISABLE"]}},
            "warning",
        ),
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}, "info"),
        (
            "account_update",
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}],
            },
            "warning",
        ),
        (
            "account_update",
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}],
            },
            "stop",
        ),
        (
            "account_update",
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_USER_INITIATED_CALLING"}],
            },
            "warning",
        ),
        (
            "account_update",
            {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}},
            "warning",
        ),
        ("account_update", {"event": "ACCOUNT_DELETED"}, "stop"),
        ("account_update", {"event": "SOMETHING_NEW"}, "info"),
        ("account_alerts", {"alert_info": {"alert_severity": "WARNING", "alert_type": "X"}}, "warning"),
        ("account_review_update", {"decision": "APPROVED"}, "info"),
        ("account_review_update", {"decision": "REJECTED"}, "warning"),
        ("business_capability_update", {"max_daily_conversations_per_business": 2000}, "info"),
        ("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_1K"}, "warning"),
        ("phone_number_quality_update", {"event": "ONBOARDING"}, "info"),
        ("phone_number_name_update", {"decision": "REJECTED", "rejection_reason": "X"}, "warning"),
        ("security", {"event": "PIN_RESET_REQUEST", "requester": "61555822107539"}, "warning"),
        ("calls", {"calls": [{"from": "393330000001"}]}, "info"),
    ],
)
def test_what_meta_says_about_number_and_account_is_told(
    field: str, value: dict[str, Any], severity: str
) -> None:
    event = only(parse(webhook(field, **value)))
    assert isinstance(event, SenderNotice)
    assert (event.kind, event.severity) == (field, severity)
    assert len(event.summary) > 10
    assert "393330000001" not in repr(event)
    assert "61555822107539" not in repr(event)


def test_an_error_that_belongs_to_no_message_is_a_notice() -> None:
    event = only(parse(webhook(errors=[{"code": 131031, "title": "Account locked"}])))
    assert (event.kind, event.severity, event.detail["code"]) == ("error", "stop", 131031)
