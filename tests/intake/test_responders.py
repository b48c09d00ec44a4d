# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second responder is noticed by whatever shows it, through the whole road in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arengo.core.console import conditions
from arengo.core.console.troubles import troubles
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, Sender
from arengo.desk.models import Conversation, Message
from arengo.intake import reader, responders
from arengo.intake.models import Journal, SecondResponder
from tests.factories.intake import journal
from tests.factories.webhooks import webhook

pytestmark = pytest.mark.django_db(transaction=True)

WRITTEN = {
    "from": "393330000001",
    "id": "wamid.1",
    "timestamp": "1790000000",
    "type": "text",
    "text": {"body": "Buongiorno"},
}
TAKEN = {"type": "control_taken", "timestamp": "1790000001", "wa_id": "393330000001"}
PASSED = {"type": "control_passed", "timestamp": "1790000009", "wa_id": "393330000001"}


def arrive(sender: Sender, field: str, **value: Any) -> None:
    journal(sender, webhook(field, **value))
    assert reader.read_batch() == 1
    assert not Journal.objects.filter(state=Journal.State.MARKED).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("standby", {"messages": [WRITTEN]}),
        ("messaging_handovers", {"messaging_handovers": [TAKEN]}),
        ("messaging_handovers", {"messaging_handovers": [PASSED]}),
    ],
)
def test_each_sign_of_a_second_responder_rings(
    sender: Sender, scope: Organization, field: str, value: dict[str, Any]
) -> None:
    arrive(sender, "messages", messages=[{**WRITTEN, "id": "wamid.0"}])
    assert responders.noticed() == []
    arrive(sender, field, **value)
    arrive(sender, field, **value)
    assert [noticed.sender_id for noticed in responders.noticed()] == [sender.pk]
    assert AuditEntry.objects.filter(verb="intake.second_responder").count() == 1
    found = [trouble for trouble in troubles(conditions.read()) if trouble.kind == "second_responder"]
    assert len(found) == 1
    assert found[0].person


def test_a_conversation_that_is_taken_and_passed_back(sender: Sender, scope: Organization) -> None:
    arrive(sender, "messages", messages=[WRITTEN])
    arrive(sender, "messaging_handovers", messaging_handovers=[TAKEN])
    assert Conversation.objects.get().held_by_other
    arrive(sender, "standby", messages=[{**WRITTEN, "id": "wamid.2", "timestamp": "1790000002"}])
    arrive(sender, "messaging_handovers", messaging_handovers=[PASSED])
    conversation = Conversation.objects.get()
    assert (conversation.held_by_other, conversation.unread) == (False, 1)
    assert list(Message.objects.order_by("sent_at").values_list("copy", flat=True)) == [False, True]


def test_nothing_read_along_is_answered(sender: Sender, scope: Organization) -> None:
    from arengo.audience.defaults import create_defaults

    create_defaults(scope)
    arrive(sender, "standby", messages=[{**WRITTEN, "text": {"body": "ISCRIVIMI"}}])
    assert Delivery.objects.count() == 0
    arrive(sender, "messages", messages=[{**WRITTEN, "id": "wamid.3", "text": {"body": "CANCELLAMI"}}])
    assert Delivery.objects.count() == 1


def test_the_status_page_says_it_in_red(
    sender: Sender, scope: Organization, alice: Person, browse: Callable[..., Client]
) -> None:
    arrive(sender, "standby", messages=[WRITTEN])
    page = browse(alice).get("/console/impostazioni/stato/").content.decode()
    assert "Un altro risponditore è collegato a questo numero" in page
    assert 'data-banner="second-responder"' in page
    assert SecondResponder.objects.count() == 1
