# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen is warned, warned again, and blocked for some time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery
from arengo.desk import handling
from arengo.desk.blocks import console, expiry, standing, verbs
from arengo.desk.blocks.models import Block, BlockSettings, Evidence, Reprimand
from arengo.desk.blocks.rules import Rule
from arengo.desk.blocks.standing import Ladder
from arengo.desk.blocks.verbs import RuleRefused
from arengo.desk.lists import listing, queries
from arengo.desk.lists.listing import Asked, Listing
from arengo.desk.lists.waiting import clock
from arengo.desk.models import Conversation, Desk, Message
from arengo.platforms.contract import Nature
from tests.desk.road import Writes, sent
from tests.factories.desk import said
from tests.factories.house_rules import block, publish_rules, said_by, warn

pytestmark = pytest.mark.django_db


def in_list(which: Listing, person: Person) -> list[Conversation]:
    desks = list(Desk.objects.values_list("pk", flat=True))
    asked = Asked().on(which)
    return [place.conversation for place in queries.page(asked, person, desks, clock(desks, 60)).places]


def waiting(person: Person) -> list[Conversation]:
    return in_list(listing.WAITING, person)


def test_a_warning_goes_in_the_operators_name_and_keeps_its_evidence(
    conversation: Conversation, rule: Rule, olga: Person
) -> None:
    reprimand = warn(conversation, rule, olga)
    assert reprimand.message is not None
    assert sent(reprimand.message).body == "La prego di rispettare le regole."  # type: ignore[union-attr]  # a text
    assert reprimand.message.author == olga
    [kept] = reprimand.evidence.all()
    assert kept.text == "A che ora apre l'anagrafe?"
    assert AuditEntry.objects.get(verb="desk.warned").detail == {"warning": 1}


def test_two_warnings_come_before_a_block(conversation: Conversation, rule: Rule, olga: Person) -> None:
    tomorrow, messages = timezone.localdate() + timedelta(days=1), said_by(conversation)
    for past in (0, 1):
        with pytest.raises(RuleRefused, match="servono due richiami"):
            verbs.block(
                conversation, rule=rule, reason="Offende.", until=tomorrow, messages=messages, past=past, by=olga,
                administers=False,
            )  # fmt: skip
        warn(conversation, rule, olga, past=past)
    with pytest.raises(RuleRefused, match="il passo dopo è il blocco"):
        warn(conversation, rule, olga, past=2)


def test_a_blocked_citizen_is_told_for_how_long_how_to_object_and_the_other_ways(
    conversation: Conversation, rule: Rule, olga: Person
) -> None:
    made = block(conversation, rule, olga)
    assert made.told is not None
    text = sent(made.told).body  # type: ignore[union-attr]  # a text
    assert "compreso" in text
    assert "protocollo@esempio.test" in text
    assert "071 000 000" in text
    conversation.refresh_from_db()
    assert not conversation.is_open
    assert AuditEntry.objects.filter(verb="desk.blocked", person=olga).exists()


def test_what_a_blocked_citizen_writes_stays_out_of_the_inbox_and_in_the_record(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    block(conversation, rule, olga)
    write(said(anna, "Ancora io"), said(anna, "E ancora"))
    assert waiting(olga) == []
    assert Conversation.objects.get().unread == 0
    assert Message.objects.filter(text="Ancora io", conversation=conversation).exists()
    assert in_list(console.BLOCKED, olga) == [conversation]
    assert in_list(listing.FREE, olga) == []


def test_an_edit_of_a_blocked_citizen_does_not_open_the_conversation_again(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    before = said(anna, "Prima")
    write(before)
    block(conversation, rule, olga)
    write(said(anna, "Dopo", nature=Nature.EDIT, about=before.message.message_id))
    conversation.refresh_from_db()
    assert not conversation.is_open
    assert Message.objects.filter(text="Dopo").exists()


def test_somebody_blocked_who_has_no_conversation_left_gets_one_that_is_closed(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    block(conversation, rule, olga)
    Conversation.objects.update(identity=None)  # of another number, as it were
    write(said(anna, "Ancora io"))
    assert not Conversation.objects.get(identity=anna).is_open


def test_after_its_last_day_they_are_heard_again_before_any_job_ran(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    made = block(conversation, rule, olga)
    Block.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    write(said(anna, "Buongiorno"))
    assert len(waiting(olga)) == 1
    assert expiry.write_ended() == 1
    assert expiry.write_ended() == 0
    made.refresh_from_db()
    assert made.end == Block.End.EXPIRED
    assert AuditEntry.objects.get(verb="desk.block_ended").person is None


def test_unblocked_they_are_heard_and_the_ladder_begins_anew(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person
) -> None:
    made = block(conversation, rule, olga)
    verbs.lift(made, by=olga)
    verbs.lift(made, by=olga)
    write(said(anna, "Buongiorno"))
    assert len(waiting(olga)) == 1
    assert Ladder.of(anna.contact_id) == Ladder([], None)
    assert AuditEntry.objects.filter(verb="desk.unblocked").count() == 1


def test_a_warning_of_more_than_a_year_ago_does_not_count(
    conversation: Conversation, rule: Rule, olga: Person
) -> None:
    warn(conversation, rule, olga)
    Reprimand.objects.update(at=timezone.now() - timedelta(days=366))
    assert Ladder.of(conversation.contact_id).warnings == []


def test_where_the_organization_wants_it_an_administrator_confirms(
    write: Writes, conversation: Conversation, rule: Rule, anna: Identity, olga: Person, alice: Person
) -> None:
    BlockSettings.objects.update(confirm=True)
    made = block(conversation, rule, olga)
    assert made.is_asked
    write(said(anna, "Ancora io"))
    assert len(waiting(olga)) == 1
    verbs.confirm(made, by=alice)
    made.refresh_from_db()
    assert made.in_force
    assert (made.by, made.confirmed_by) == (olga, alice)
    assert waiting(olga) == []
    with pytest.raises(RuleRefused, match="già stato deciso"):
        verbs.decline(made, by=alice)


def test_a_block_that_was_declined_had_no_effect_and_can_be_asked_again(
    conversation: Conversation, rule: Rule, olga: Person, alice: Person
) -> None:
    BlockSettings.objects.update(confirm=True)
    made = block(conversation, rule, olga)
    verbs.decline(made, by=alice)
    assert standing.blocked_among([conversation.contact_id]) == set()
    assert len(Ladder.of(conversation.contact_id).warnings) == 2
    again = verbs.block(
        conversation, rule=rule, reason="Continua.", until=timezone.localdate() + timedelta(days=9),
        messages=said_by(conversation), past=2, by=alice, administers=True,
    )  # fmt: skip
    assert again.in_force


def test_without_the_words_that_a_citizen_must_read_nobody_is_blocked(
    conversation: Conversation, scope: Organization, olga: Person
) -> None:
    rule = publish_rules(scope)
    with pytest.raises(RuleRefused, match="come opporsi"):
        block(conversation, rule, olga)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"reason": "  "}, "Scrivi il motivo"),
        ({"reason": "x" * 1001}, "troppo lungo"),
        ({"days": 0}, "deve ancora venire"),
        ({"days": None}, "deve ancora venire"),
        ({"days": 400}, "al massimo un anno"),
        ({"messages": []}, "almeno un messaggio"),
        ({"past": 1}, "Nel frattempo Olga"),
    ],
)
def test_a_block_says_what_it_lacks(
    conversation: Conversation, rule: Rule, olga: Person, changes: dict[str, object], why: str
) -> None:
    for past in (0, 1):
        warn(conversation, rule, olga, past=past)
    given: dict[str, object] = {
        "reason": "Offende.",
        "days": 9,
        "messages": said_by(conversation),
        "past": 2,
    } | changes
    days = given.pop("days")
    until = timezone.localdate() + timedelta(days=days) if isinstance(days, int) else None
    with pytest.raises(RuleRefused, match=why):
        verbs.block(conversation, rule=rule, until=until, by=olga, administers=False, **given)  # type: ignore[arg-type]  # as given
    assert not Block.objects.exists()


def test_nobody_is_blocked_twice(conversation: Conversation, rule: Rule, olga: Person, bea: Person) -> None:
    block(conversation, rule, olga)
    with pytest.raises(RuleRefused, match="già bloccato"):
        verbs.block(
            conversation, rule=rule, reason="Offende.", until=timezone.localdate() + timedelta(days=9),
            messages=said_by(conversation), past=2, by=bea, administers=False,
        )  # fmt: skip


def test_of_two_who_warn_at_once_the_second_is_told(
    conversation: Conversation, rule: Rule, olga: Person, bea: Person
) -> None:
    warn(conversation, rule, olga)
    with pytest.raises(RuleRefused, match="Nel frattempo Olga"):
        warn(conversation, rule, bea)
    assert Delivery.objects.count() == 1


def test_the_same_form_twice_warns_once(conversation: Conversation, rule: Rule, olga: Person) -> None:
    for _press in range(2):
        verbs.warn(
            conversation,
            rule=rule,
            messages=said_by(conversation),
            words="Richiamo",
            past=0,
            key="same",
            by=olga,
        )
    assert Reprimand.objects.count() == Delivery.objects.count() == 1


def test_a_block_is_prolonged_never_shortened(conversation: Conversation, rule: Rule, olga: Person) -> None:
    made, today = block(conversation, rule, olga), timezone.localdate()
    verbs.prolong(made, until=today + timedelta(days=60), by=olga)
    made.refresh_from_db()
    assert timezone.localdate(made.ends_at) == today + timedelta(days=61)
    with pytest.raises(RuleRefused, match="dopo quello in cui finisce"):
        verbs.prolong(made, until=today + timedelta(days=10), by=olga)
    verbs.lift(made, by=olga)
    with pytest.raises(RuleRefused, match="già finito"):
        verbs.prolong(made, until=today + timedelta(days=90), by=olga)


def test_with_the_window_shut_the_block_stands_and_says_that_nobody_was_told(
    conversation: Conversation, rule: Rule, olga: Person
) -> None:
    for past in (0, 1):
        warn(conversation, rule, olga, past=past)
    Conversation.objects.update(citizen_wrote_at=timezone.now() - timedelta(hours=30))
    made = verbs.block(
        conversation, rule=rule, reason="Offende.", until=timezone.localdate() + timedelta(days=9),
        messages=said_by(conversation), past=2, by=olga, administers=False,
    )  # fmt: skip
    assert made.in_force
    assert made.told is None


def test_a_conversation_with_somebody_blocked_is_not_opened_again(
    conversation: Conversation, rule: Rule, olga: Person
) -> None:
    made = block(conversation, rule, olga)
    with pytest.raises(handling.HandlingRefused, match="prima sbloccalo"):
        handling.reopen(conversation, by=olga)
    verbs.lift(made, by=olga)
    handling.reopen(conversation, by=olga)


def test_evidence_of_somebody_else_does_not_count(
    write: Writes, conversation: Conversation, rule: Rule, olga: Person
) -> None:
    other = Message.objects.create(
        organization=conversation.organization, conversation=conversation, sender=conversation.sender,
        direction=Message.Direction.OUT, text="Nostro",
    )  # fmt: skip
    with pytest.raises(RuleRefused, match="almeno un messaggio"):
        verbs.warn(conversation, rule=rule, messages=[other.pk], words="Richiamo", past=0, key="k", by=olga)
    assert not Evidence.objects.exists()
