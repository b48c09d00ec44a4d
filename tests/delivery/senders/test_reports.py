# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What WhatsApp reports of number and templates, from the webhook to the row that it changes."""

from __future__ import annotations

from typing import Any

import pytest

from arengo.core.scope import organization_scope
from arengo.delivery.models import Sender
from arengo.intake.models import Journal
from tests.factories.delivery import make_template
from tests.factories.intake import arrive
from tests.factories.webhooks import NOON, body, change

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("error", [{"code": 0, "title": "?"}, {"title": "?"}, {"code": None}, {}])
def test_an_error_without_a_code_stops_no_number(sender: Sender, error: dict[str, Any]) -> None:
    failed = {
        "id": "wamid.sent",
        "status": "failed",
        "timestamp": str(NOON),
        "recipient_id": "393330000011",
        "errors": [error],
    }
    arrive(sender, body(change(statuses=[failed])), body(change(errors=[error])))
    sender.refresh_from_db()
    assert sender.state == Sender.State.ACTIVE
    assert not Journal.objects.filter(state=Journal.State.MARKED).exists()


def test_an_error_whose_code_stops_a_number_still_does(sender: Sender) -> None:
    arrive(sender, body(change(errors=[{"code": 131031, "title": "Account locked"}])))
    sender.refresh_from_db()
    assert sender.state == Sender.State.STOPPED


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ({"message_template_id": 7, "message_template_language": "en-US"}, True),
        ({"message_template_id": 7, "message_template_language": "en_US"}, True),
        ({"message_template_id": 5, "message_template_language": "en"}, True),
        ({"message_template_id": 7, "message_template_language": "it"}, False),
    ],
)
def test_a_template_follows_what_is_said_of_it_however_its_language_is_written(
    sender: Sender, told: dict[str, Any], follows: bool
) -> None:
    with organization_scope(sender.organization_id):
        template = make_template(sender, "avviso", template_id="5", language="en_US", category="UTILITY")
        paused = {"event": "PAUSED", "message_template_name": "avviso", **told}
        arrive(sender, body(change("message_template_status_update", **paused)))
        template.refresh_from_db()
    assert (template.status == "PAUSED") is follows
