# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who left the list is forgotten after a time, once nothing of what they wrote is kept; the proofs stay and name nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from arengo.audience import privacy
from arengo.audience.models import Consent, Contact, Identity, Subscription
from arengo.audience.retention import verbs
from arengo.audience.rights import verbs as rights
from arengo.audience.rights.models import Right, RightsRequest, Way
from arengo.core.console import holds, retention
from arengo.core.models import Organization, Person
from arengo.desk.blocks.models import Block
from arengo.desk.models import Conversation, Message
from tests.factories.audience import ANNA, known, message
from tests.factories.retention import night

pytestmark = pytest.mark.django_db

Arrive = Callable[..., None]
LONG_AGO = timedelta(days=731)


@pytest.fixture
def anna(arrive: Arrive) -> Contact:
    """She joined, left long ago, and her messages are forgotten."""
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio", sent_at=timezone.now()))
    arrive(message(ANNA, "CANCELLAMI", name="Anna Esempio", sent_at=timezone.now()))
    then = timezone.now() - LONG_AGO
    Subscription.objects.update(ended_at=then)
    Identity.objects.update(last_wrote_at=then, created_at=then)
    Message.objects.update(sent_at=then, erased_at=then, text="")
    return known(ANNA).contact


def forgotten(contact: Contact) -> bool:
    contact.refresh_from_db()
    return contact.erased_at is not None


def test_who_left_two_years_ago_is_forgotten_and_the_proofs_name_nobody(
    anna: Contact, esempio: Organization
) -> None:
    proofs = Consent.objects.count()
    assert night(esempio, "audience.left") == 1
    assert forgotten(anna)
    assert anna.name == ""
    assert not Identity.objects.exists()
    assert Consent.objects.count() == proofs == 2
    for one in Consent.objects.select_related("key"):
        assert (one.identity_id, one.text, one.subject_hash) == (None, "", b"")
    assert night(esempio, "audience.left") == 0


def wrote_lately(anna: Contact) -> None:
    Identity.objects.update(last_wrote_at=timezone.now() - timedelta(days=700))


def left_lately(anna: Contact) -> None:
    Subscription.objects.update(ended_at=timezone.now() - timedelta(days=700))


def on_the_list_again(anna: Contact) -> None:
    Subscription.objects.update(active=True, ended_at=None)


def has_messages(anna: Contact) -> None:
    Message.objects.update(erased_at=None, text="Il lampione è spento")


def is_blocked(anna: Contact) -> None:
    conversation = Conversation.objects.filter(contact=anna).latest("pk")
    now = timezone.now()
    Block.objects.create(
        contact=anna, conversation=conversation, rule="r", quote="q", reason="x",
        begins_at=now, ends_at=now + timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize("happened", [wrote_lately, left_lately, on_the_list_again, has_messages, is_blocked])
def test_who_is_still_known_for_something_stays(
    anna: Contact, esempio: Organization, happened: Callable[[Contact], None]
) -> None:
    happened(anna)
    assert night(esempio, "audience.left") == 0
    assert not forgotten(anna)


def test_who_waits_for_an_answer_about_their_data_stays(
    anna: Contact, esempio: Organization, alice: Person
) -> None:
    rights.record(anna, Right.COPY, Way.LETTER, date(2026, 11, 1), by=alice)
    assert night(esempio, "audience.left") == 0
    RightsRequest.objects.update(state="done", ended_at=timezone.now())
    assert night(esempio, "audience.left") == 1


def test_who_is_held_stays_and_is_counted_as_held(
    anna: Contact, esempio: Organization, alice: Person
) -> None:
    hold = verbs.place(anna, "Causa 4417/2026", None, by=alice)
    assert night(esempio, "audience.left") == 0
    leavers = retention.rule("audience.left").forgets
    assert leavers is not None
    assert leavers.held_back(timezone.now() - timedelta(days=730), holds.held(), most=10) == 1
    verbs.release(hold, by=alice)
    assert night(esempio, "audience.left") == 1


def test_one_who_joins_at_that_very_moment_is_not_forgotten(
    anna: Contact, esempio: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = privacy.locked

    def joins_first(contact: Contact) -> Contact | None:
        on_the_list_again(contact)
        return locked(contact)

    monkeypatch.setattr(privacy, "locked", joins_first)
    assert night(esempio, "audience.left") == 0
    assert not forgotten(anna)


def test_one_who_was_forgotten_may_join_anew(anna: Contact, esempio: Organization, arrive: Arrive) -> None:
    night(esempio, "audience.left")
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio", sent_at=timezone.now()))
    assert known(ANNA).contact_id != anna.pk
    assert Subscription.objects.get().active


def test_who_never_joined_or_is_on_the_list_is_not_looked_at(arrive: Arrive, esempio: Organization) -> None:
    arrive(message(ANNA, "Buongiorno", name="Anna Esempio", sent_at=timezone.now()))
    Identity.objects.update(last_wrote_at=timezone.now() - timedelta(days=2000))
    assert night(esempio, "audience.left") == 0
