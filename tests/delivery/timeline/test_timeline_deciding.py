# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes on after a step back, and what a person decides about what was withheld."""

from __future__ import annotations

import pytest
from django.utils import timezone

from arengo.core.events import Batch
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.scope import every_organization, organization_scope
from arengo.delivery.models import (
    Delivery,
    DeliveryState,
    Fanout,
    Outbox,
    OutboxState,
    Sender,
    Timeline,
    Urgency,
)
from arengo.delivery.queue import outbox
from arengo.delivery.timeline import deciding, keeping
from arengo.delivery.timeline.folder_note import FolderNote
from arengo.platforms.contract import Address, Text
from tests.delivery.timeline.stepping_back import ANNA, BRUNO, PEOPLE, claim, folder_note, installed
from tests.factories.delivery import make_sender, open_mailing
from tests.factories.timeline import taken_back

__all__ = ["folder_note", "installed"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)  # PostgreSQL's now() stands still within a transaction


# --- what goes on ---------------------------------------------------------------------------------------------


def test_what_is_written_afterwards_leaves(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    open_mailing(sender, PEOPLE)
    taken_back()
    keeping.keep(folder_note)
    answer = outbox.enqueue(sender, ANNA, Text("Buongiorno"))
    alert = open_mailing(sender, [ANNA], Urgency.ALERT, due_at=timezone.now())
    assert claim(sender) == [answer.pk, alert.deliveries.get().pk]


def test_a_mailing_whose_filling_was_under_way_is_filled_withheld(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    fanout = open_mailing(sender, [ANNA])
    taken_back()
    keeping.keep(folder_note)
    outbox.fill(fanout, [ANNA, BRUNO])
    outbox.close_fanout(fanout)
    assert claim(sender) == []
    assert list(Outbox.objects.values_list("state", flat=True)) == [OutboxState.WITHHELD] * 2


def test_what_an_old_job_writes_is_withheld_and_said(
    sender: Sender, installed: Timeline, folder_note: FolderNote
) -> None:
    """A file of the desk that was still to be handed to WhatsApp, an update that was not in the outbox yet."""
    pressed_at = timezone.now()
    taken_back()
    keeping.keep(folder_note)
    Organization.objects.update(alarms=[])
    outbox.enqueue(sender, ANNA, Text("La foto"), due_at=pressed_at)
    fanout = open_mailing(sender, PEOPLE, due_at=pressed_at)
    assert claim(sender) == []
    assert fanout.withheld_at is not None
    assert Organization.objects.get(pk=sender.organization_id).alarms == ["restored"]


# --- deciding -------------------------------------------------------------------------------------------------


@pytest.fixture
def back(sender: Sender, installed: Timeline, folder_note: FolderNote) -> Fanout:
    """Taken back in the middle of a mailing, with a single message in the outbox."""
    fanout = open_mailing(sender, PEOPLE)
    outbox.close_fanout(fanout)
    outbox.enqueue(sender, ANNA, Text("Ciao"))
    taken_back()
    keeping.keep(folder_note)
    return fanout


def test_a_mailing_that_is_released_leaves_once_however_often_that_is_pressed(
    sender: Sender, back: Fanout, alice: Person
) -> None:
    assert deciding.release_mailing(back, by=alice) == 2
    assert claim(sender) == list(back.deliveries.order_by("pk").values_list("pk", flat=True))
    assert deciding.release_mailing(back, by=alice) == 0
    assert deciding.drop_mailing(back, by=alice) == 0
    assert claim(sender) == []
    entry = AuditEntry.objects.get(verb="delivery.released_withheld")
    assert (entry.person, entry.detail) == (alice, {"count": 2})


def test_a_mailing_that_is_dropped_is_over(sender: Sender, back: Fanout, alice: Person) -> None:
    assert deciding.drop_mailing(back, by=alice) == 2
    back.refresh_from_db()
    assert (back.n_waiting, back.n_cancelled) == (0, 2)
    assert set(back.deliveries.values_list("state", "code")) == {(DeliveryState.CANCELLED, deciding.DROPPED)}
    outbox.fill(back, [Address(phone="+393330000009")])  # its job goes on
    assert claim(sender) == []


def test_single_messages_are_released_or_dropped_together(
    sender: Sender, back: Fanout, alice: Person
) -> None:
    assert deciding.release_singles(sender.organization_id, by=alice) == 1
    [delivery_id] = claim(sender)
    assert Delivery.objects.get(pk=delivery_id).state == DeliveryState.QUEUED
    assert deciding.drop_singles(sender.organization_id, by=alice) == 0


def test_the_banner_goes_when_all_is_decided(sender: Sender, back: Fanout, alice: Person) -> None:
    deciding.drop_singles(sender.organization_id, by=alice)
    assert Organization.objects.get(pk=sender.organization_id).alarms == ["restored"]
    deciding.release_mailing(back, by=alice)
    assert Organization.objects.get(pk=sender.organization_id).alarms == []
    assert deciding.outlook().undecided is None


def test_where_nothing_waited_somebody_reads_it(
    installed: Timeline, folder_note: FolderNote, alice: Person, scope: Organization
) -> None:
    taken_back()
    keeping.keep(folder_note)
    found = deciding.outlook().undecided
    assert found is not None
    assert found.messages == 0
    deciding.read(scope.pk, by=alice)
    assert deciding.outlook().undecided is None


def test_each_organization_decides_for_itself(
    sender: Sender, back: Fanout, alice: Person, altrove: Organization
) -> None:
    with organization_scope(altrove):
        theirs = make_sender(altrove, "Comune di Altrove")
        waiting = outbox.enqueue(theirs, ANNA, Text("Ciao"))
        Outbox.objects.filter(pk=waiting.pk).update(state=OutboxState.WITHHELD)
    deciding.release_singles(sender.organization_id, by=alice)
    deciding.drop_mailing(back, by=alice)
    with every_organization("the test looks at both"):
        assert Outbox.objects.get(pk=waiting.pk).state == OutboxState.WITHHELD


def test_somebody_who_leaves_the_list_is_spared_what_is_withheld(sender: Sender, back: Fanout) -> None:
    from arengo.delivery.queue import cancellation

    cancellation.subscription_ended(Batch(sender.organization_id, sender.pk, [_Left(BRUNO)]))
    back.refresh_from_db()
    assert (back.n_waiting, back.n_cancelled) == (1, 1)


class _Left:
    platform = "whatsapp"

    def __init__(self, address: Address) -> None:
        self.address = address
