# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number that mailings do not reach leaves the list by itself, comes back with a press, and an outage empties nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import consent, receiving
from arengo.audience.models import Consent, Identity, Quarter, Subscription, Topic
from arengo.audience.reasons import Reason
from arengo.audience.receiving import Receives
from arengo.audience.unreached import counting, verbs
from arengo.audience.unreached.jobs import look_at_mailings
from arengo.audience.unreached.models import Checked, Miss, UnreachedRule
from arengo.core.console import conditions, troubles
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import DeliveryState, Fanout, Sender
from arengo.platforms.contract import TellsGone
from arengo.platforms.registry import platform
from tests.factories.audience import citizen, consented
from tests.factories.delivery import decide
from tests.factories.unreached import GONE, sent_to

Browse = Callable[[Person], Client]


@pytest.fixture
def people(town: Organization, sender: Sender) -> list[Identity]:
    """Thirty on the list since last year."""
    found = [citizen(f"Persona {number} Esempio") for number in range(30)]
    for person in found:
        consented(person, sender, when=timezone.now() - timedelta(days=300))
    return found


@pytest.fixture
def gone(people: list[Identity]) -> Identity:
    """The number is no longer on the platform."""
    return people[0]


def reasons(person: Identity) -> list[str]:
    rows = Consent.objects.filter(identity=person, action="withdrawn").order_by("pk")
    return list(rows.values_list("reason", flat=True))


def miss(
    town: Organization,
    sender: Sender,
    people: list[Identity],
    *days_ago: float,
    who: list[Identity],
    code: int = GONE,
) -> None:
    for days in days_ago:
        sent_to(sender, people, days_ago=days, failed=dict.fromkeys(who, code))
        verbs.run(town)


def test_the_platform_says_which_refusal_means_that_nobody_is_there() -> None:
    whatsapp = platform("whatsapp")
    assert isinstance(whatsapp, TellsGone)
    assert whatsapp.is_gone(GONE)
    assert not any(whatsapp.is_gone(code) for code in (0, 131000, 131050, 132000, 999999))


def test_a_number_that_is_gone_leaves_after_three_mailings(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    miss(town, sender, people, 12, 9, who=[gone])
    assert reasons(gone) == []
    assert Miss.objects.get().times == 2
    miss(town, sender, people, 6, who=[gone])
    assert reasons(gone) == ["invalid"]
    row = Consent.objects.get(identity=gone, action="withdrawn")
    assert (row.source, row.by, row.effective) == ("rule", None, True)
    assert not Subscription.objects.get(identity=gone).active
    assert Subscription.objects.filter(active=True).count() == 29
    assert AuditEntry.objects.get(verb="audience.left_unreached").detail == {"count": 1}
    assert not Miss.objects.exists()


def test_a_mailing_is_looked_at_once_and_only_after_two_days(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    sent_to(sender, people, days_ago=1, failed={gone: GONE})
    verbs.run(town)
    assert not Checked.objects.exists()
    fanout = sent_to(sender, people, days_ago=3, failed={gone: GONE})
    verbs.run(town)
    verbs.run(town)
    assert counting.look_at(town, fanout) is None
    assert Miss.objects.get().times == 1


def test_two_mailings_of_one_day_are_one(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    miss(town, sender, people, 5, 5, 5, 5, who=[gone])
    assert Miss.objects.get().times == 1


def test_a_mailing_that_arrives_between_them_starts_the_count_anew(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    miss(town, sender, people, 20, 17, who=[gone])
    miss(town, sender, people, 14, who=[])
    assert not Miss.objects.exists()
    miss(town, sender, people, 11, 8, who=[gone])
    assert reasons(gone) == []


def test_who_writes_meanwhile_is_there(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    miss(town, sender, people, 12, 9, who=[gone])
    Identity.objects.filter(pk=gone.pk).update(last_wrote_at=timezone.now())
    miss(town, sender, people, 6, who=[gone])
    assert reasons(gone) == []
    assert not Miss.objects.exists()


def test_a_refusal_about_the_message_says_nothing_of_the_number(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    miss(town, sender, people, 12, 9, 6, 3, who=[gone], code=132000)
    assert not Miss.objects.exists()
    assert Checked.objects.filter(counts=True).count() == 4


def test_a_mailing_that_missed_many_counts_for_nobody(
    town: Organization, sender: Sender, people: list[Identity]
) -> None:
    miss(town, sender, people, 20, 16, 12, 8, 4, who=people[:12])
    assert not Miss.objects.exists()
    assert Subscription.objects.filter(active=True).count() == 30
    assert {(one.missed, one.counts) for one in Checked.objects.all()} == {(12, False)}


@pytest.mark.parametrize(
    ("total", "missed", "counts"),
    [(100, 10, True), (100, 11, False), (8, 4, True), (8, 5, False), (300_000, 30_000, True), (1, 1, False)],
)
def test_how_many_may_be_missed(total: int, missed: int, *, counts: bool) -> None:
    assert counting.believable(total, missed) is counts


@pytest.fixture
def too_many(
    town: Organization, sender: Sender, people: list[Identity], monkeypatch: pytest.MonkeyPatch
) -> list[Identity]:
    """Three are to leave where two may."""
    monkeypatch.setattr(verbs, "AT_LEAST", 2)
    miss(town, sender, people, 12, 9, 6, who=people[:3])
    return people[:3]


def test_too_many_at_once_stay_and_staff_are_told(town: Organization, too_many: list[Identity]) -> None:
    assert Subscription.objects.filter(active=True).count() == 30
    assert UnreachedRule.objects.get().kept_back == 3
    told = {trouble.kind: trouble for trouble in troubles.troubles(conditions.read())}
    assert "3 numeri" in told["numbers_held"].title
    verbs.run(town)
    assert Subscription.objects.filter(active=True).count() == 30


def test_those_who_left_today_count_against_the_day(
    town: Organization, sender: Sender, people: list[Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "AT_LEAST", 2)
    miss(town, sender, people, 20, 17, 14, who=people[:2])
    assert Subscription.objects.filter(active=True).count() == 28
    miss(town, sender, people[2:], 12, 9, 6, who=people[2:4])
    assert Subscription.objects.filter(active=True).count() == 28
    assert UnreachedRule.objects.get().kept_back == 2


def test_an_administrator_lets_them_go(too_many: list[Identity], alice: Person, browse: Browse) -> None:
    client = browse(alice)
    page = client.get(reverse("audience:unreached")).content.decode()
    assert "3 numeri dovrebbero uscire adesso" in page
    assert "Fai uscire 3 numeri" in client.get(reverse("audience:unreached_let_go")).content.decode()
    client.post(reverse("audience:unreached_let_go"))
    assert [reasons(person) for person in too_many] == [["invalid"]] * 3
    assert Consent.objects.filter(reason="invalid", by=alice).count() == 3
    assert UnreachedRule.objects.get().kept_back == 0
    assert not [one for one in troubles.troubles(conditions.read()) if one.kind == "numbers_held"]


def test_an_administrator_keeps_them(too_many: list[Identity], alice: Person, browse: Browse) -> None:
    browse(alice).post(reverse("audience:unreached_keep"))
    assert [reasons(person) for person in too_many] == [[]] * 3
    assert not Miss.objects.exists()
    assert AuditEntry.objects.get(verb="audience.kept_unreached").detail == {"count": 3}


def test_who_is_never_reached_leaves_after_five_mailings_and_thirty_days(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    for days in (28, 22, 16, 10, 6):
        sent_to(sender, people, days_ago=days, silent=[gone])
        verbs.run(town)
    assert reasons(gone) == []  # the platform may still be trying
    Miss.objects.update(first_at=timezone.now() - timedelta(days=31))
    sent_to(sender, people, days_ago=3, silent=[gone])
    verbs.run(town)
    assert reasons(gone) == ["never_reached"]


def test_a_receipt_that_comes_late_clears_the_number(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    fanout = sent_to(sender, people, days_ago=12, silent=[gone])
    verbs.run(town)
    assert Miss.objects.get().identity_id == gone.pk
    decide(fanout.deliveries.filter(address_hash=gone.subject_hash), DeliveryState.DELIVERED)
    sent_to(sender, people[1:], days_ago=4)
    verbs.run(town)
    assert not Miss.objects.exists()


def test_where_no_receipt_comes_at_all_nobody_counts_as_missed(
    town: Organization, sender: Sender, people: list[Identity]
) -> None:
    sent_to(sender, people, days_ago=4, silent=people)
    verbs.run(town)
    assert not Miss.objects.exists()


def test_a_rule_of_zero_lets_nobody_go(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    UnreachedRule.objects.create(invalid_after=0, unreached_after=0)
    miss(town, sender, people, 12, 9, 6, 3, who=[gone])
    assert reasons(gone) == []
    assert Miss.objects.get().times == 4


def test_the_job_looks_at_every_organization(
    altrove: Organization, town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    sent_to(sender, people, days_ago=3, failed={gone: GONE})
    look_at_mailings(0)
    assert Checked.objects.get().missed == 1


@pytest.fixture
def left(town: Organization, sender: Sender, people: list[Identity], gone: Identity) -> Consent:
    """By the rule; with a topic, a quarter and a frequency of their own."""
    subscription = Subscription.objects.get(identity=gone)
    subscription.topics.add(Topic.objects.order_by("pk")[0])
    subscription.quarters.add(Quarter.objects.create(organization=town, name="Borgo"))
    Subscription.objects.filter(pk=subscription.pk).update(frequency="digests")
    miss(town, sender, people, 12, 9, 6, who=[gone])
    found: Consent = Consent.objects.get(identity=gone, action="withdrawn")
    return found


def test_a_press_puts_the_subscription_back_as_it_was(
    left: Consent, gone: Identity, edo: Person, browse: Browse
) -> None:
    before = Subscription.objects.get(identity=gone)
    chosen = receiving.of(before)
    client = browse(edo)
    card = client.get(reverse("audience:citizen", args=[gone.contact_id])).content.decode()
    assert "È uscita dalla lista da sola" in card
    assert "Rimetti nella lista" in client.get(reverse("audience:unreached")).content.decode()
    client.post(reverse("audience:unreached_put_back", args=[left.pk]))
    after = Subscription.objects.get(identity=gone)
    assert (after.active, after.since, after.ended_at) == (True, before.since, None)
    assert chosen.topics
    assert receiving.of(after) == chosen == Receives(chosen.topics, chosen.quarters, "digests")
    proof = Consent.objects.get(identity=gone, source="rule", action="given")
    assert proof.by == edo
    assert "Vale il consenso del" in proof.text
    assert AuditEntry.objects.get(verb="audience.put_back").person == edo
    page = client.get(reverse("audience:unreached")).content.decode()
    assert "Rimetti nella lista" not in page
    client.post(reverse("audience:unreached_put_back", args=[left.pk]))
    assert Consent.objects.filter(identity=gone, action="given").count() == 2


def test_who_left_by_themselves_meanwhile_is_not_put_back(
    left: Consent, gone: Identity, edo: Person, browse: Browse
) -> None:
    consent.withdraw(gone, at=timezone.now(), source="message", message_id="leave", text="CANCELLAMI")
    answer = browse(edo).post(reverse("audience:unreached_put_back", args=[left.pk]), follow=True)
    assert "si è cancellata da sé" in answer.content.decode()
    assert not Subscription.objects.get(identity=gone).active


def test_who_left_by_the_rule_may_join_again_by_a_message(
    left: Consent, gone: Identity, sender: Sender
) -> None:
    step = consent.give(gone, at=timezone.now(), message_id="again", text="ISCRIVIMI", sender_id=sender.pk)
    assert step.outcome is consent.Outcome.JOINED


def test_a_consent_of_another_reason_cannot_be_undone_here(
    town: Organization, sender: Sender, edo: Person, browse: Browse
) -> None:
    anna = citizen()
    consented(anna, sender, reason=Reason.ERASED)
    row = Consent.objects.get(reason="erased")
    answer = browse(edo).post(reverse("audience:unreached_put_back", args=[row.pk]), follow=True)
    assert "solo ciò che ha fatto la regola" in answer.content.decode()
    assert not Subscription.objects.get(identity=anna).active


def test_an_administrator_changes_the_rule(town: Organization, alice: Person, browse: Browse) -> None:
    client = browse(alice)
    wrong = client.post(reverse("audience:unreached_rule"), {"invalid_after": "tre", "unreached_after": "5"})
    assert wrong.status_code == 422
    assert 'value="tre"' in wrong.content.decode()
    client.post(reverse("audience:unreached_rule"), {"invalid_after": "4", "unreached_after": "0"})
    own = UnreachedRule.objects.get()
    assert (own.invalid_after, own.unreached_after) == (4, 0)
    page = client.get(reverse("audience:unreached")).content.decode()
    assert "4 invii di seguito" in page
    assert "Chi non viene mai raggiunto non esce da solo" in page


def test_carlo_and_operators_change_nothing_here(
    left: Consent, gone: Identity, carlo: Person, olga: Person, rita: Person, edo: Person, browse: Browse
) -> None:
    names = ("unreached", "unreached_rule", "unreached_let_go")
    addresses = [reverse(f"audience:{name}") for name in names]
    for address in addresses:
        assert browse(carlo).get(address).status_code == 404
    back = reverse("audience:unreached_put_back", args=[left.pk])
    assert browse(carlo).post(back).status_code == 404
    assert browse(rita).post(back).status_code == 403
    assert browse(olga).get(addresses[0]).status_code == 403
    assert browse(edo).post(reverse("audience:unreached_keep")).status_code == 403
    assert browse(edo).post(addresses[1], {"invalid_after": "0", "unreached_after": "0"}).status_code == 403
    assert not Subscription.objects.get(identity=gone).active


def test_auditors_read_the_page_without_a_button(left: Consent, rita: Person, browse: Browse) -> None:
    page = browse(rita).get(reverse("audience:unreached")).content.decode()
    assert "il numero non è più valido" in page
    assert "Rimetti nella lista" not in page


def test_the_page_shows_fifty_at_a_time(
    town: Organization, sender: Sender, edo: Person, browse: Browse
) -> None:
    for number in range(53):
        consented(citizen(f"Persona {number:02d} Esempio"), sender, reason=Reason.INVALID)
    client = browse(edo)
    first = client.get(reverse("audience:unreached"))
    older = first.context["ceased"].older
    assert len(first.context["ceased"].lines) == 50
    rest = client.get(reverse("audience:unreached"), {"prima": older})
    assert (len(rest.context["ceased"].lines), rest.context["ceased"].older) == (3, None)
    assert client.get(reverse("audience:unreached"), {"prima": "x'"}).status_code == 200


def test_emptied_mailings_are_passed_over(
    town: Organization, sender: Sender, people: list[Identity], gone: Identity
) -> None:
    fanout = sent_to(sender, people, days_ago=3, failed={gone: GONE})
    Fanout.objects.filter(pk=fanout.pk).update(forgotten_at=timezone.now())
    verbs.run(town)
    assert not Checked.objects.exists()
