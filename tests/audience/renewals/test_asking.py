# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everybody on the list is asked once to accept a new version, whatever dies on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import islice

import msgspec
import pytest
from django.utils import timezone

from arengo.audience import consent, news
from arengo.audience.models import Consent, Identity, ListSettings, Policy
from arengo.audience.renewals import asking, estimating, jobs, template, verbs
from arengo.audience.renewals.models import Asking, Renewal, RenewalMailing
from arengo.audience.renewals.verbs import NotNow
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Budget, Delivery, Fanout, MessageTemplate, Outbox, Sender
from arengo.delivery.prices.pricing import money
from tests.factories.audience import citizen, consented
from tests.factories.delivery import make_sender, set_price
from tests.factories.renewals import approve, ask_everybody, listed, new_version

pytestmark = pytest.mark.django_db

IN_A_MONTH = timedelta(days=30)


def start(town: Organization, by: Person, then: str = "stay", policy: Policy | None = None) -> Renewal:
    last_day = timezone.localdate() + IN_A_MONTH
    return verbs.start(town, policy or new_version(), last_day, then, by=by)


def test_how_many_and_what_it_costs_is_known_before_anybody_is_asked(
    town: Organization, sender: Sender, people: list[Identity]
) -> None:
    set_price(town, "0.03000", category="utility")
    policy = new_version()
    joined_since = citizen("Nuova Esempio")
    consented(joined_since, sender)
    found = estimating.estimate(town, policy, "stay")
    assert (found.people, found.obstacles) == (5, [])
    assert found.cost == money(Decimal("0.15"), "EUR")


def test_without_a_price_the_cost_is_not_known_and_never_nothing(
    town: Organization, people: list[Identity]
) -> None:
    assert estimating.estimate(town, new_version(), "stay").cost == ""


@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "PAUSED", None])
def test_without_an_approved_template_nobody_is_asked_and_it_is_said_before(
    town: Organization, alice: Person, people: list[Identity], status: str | None
) -> None:
    rows = MessageTemplate.objects.filter(name=template.PRESETS["stay"].name)
    if status:
        rows.update(status=status)
    else:
        rows.delete()
    policy = new_version()
    assert estimating.standing()
    assert estimating.estimate(town, policy, "stay").obstacles
    assert not estimating.estimate(town, policy, "leave").obstacles, "the other question has its own"
    with pytest.raises(NotNow, match="modello"):
        start(town, alice, policy=policy)
    assert not Renewal.objects.exists()


def test_everybody_of_before_the_version_is_asked_whatever_they_chose(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    news.set_stopped(people[0], sender.pk, stopped=True, at=timezone.now())
    policy = new_version()
    newer, gone = citizen("Nuova Esempio"), people[4]
    consented(newer, sender)
    consent.withdraw(gone, at=timezone.now(), source=Consent.Source.MESSAGE)
    renewal = start(town, alice, "leave", policy)
    asking.run(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert (renewal.state, renewal.asked) == (Renewal.State.ASKED, 4)
    assert set(Asking.objects.values_list("identity", flat=True)) == {one.pk for one in people[:4]}
    mailing = RenewalMailing.objects.get()
    assert Delivery.objects.filter(fanout=mailing.fanout).count() == 4
    assert {row.delivery_id for row in Asking.objects.all()} == set(
        Delivery.objects.values_list("pk", flat=True)
    )
    entry = AuditEntry.objects.get(verb="audience.asked_again")
    assert (entry.person, entry.detail["count"], entry.detail["then"]) == (alice, 4, "leave")


def test_the_question_says_what_changed_until_when_and_what_silence_means(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice, "leave")
    mailing = RenewalMailing.objects.get()
    for part in (
        "informativa sulla privacy",
        "/informativa/",
        "Se non rispondi ti togliamo dalla lista",
        "Accetto",
    ):
        assert part in mailing.text
    assert "{{" not in mailing.text
    sent = msgspec.json.decode(bytes(mailing.fanout.outgoing))
    values = [button["value"] for button in sent["buttons"]]
    assert values == [f"arengo:renew:{renewal.pk}", "arengo:leave"]
    assert mailing.fanout.price_category == "utility"


def test_the_rules_have_their_own_words(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = start(town, alice, "stay", new_version("rules"))
    asking.run(town.pk, renewal.pk)
    text = RenewalMailing.objects.get().text
    assert "le regole della lista" in text
    assert "/regole/" in text
    assert "Se non rispondi resti nella lista." in text


def test_a_second_run_asks_nobody_again(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice)
    Renewal.objects.filter(pk=renewal.pk).update(state=Renewal.State.ASKING)
    Fanout.objects.update(filled_at=None)
    jobs.ask(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert (renewal.asked, Asking.objects.count(), Delivery.objects.count()) == (5, 5, 5)


@pytest.mark.parametrize("killed_after", range(4))
def test_killed_at_any_moment_it_goes_on_and_asks_nobody_twice(
    town: Organization,
    sender: Sender,
    alice: Person,
    people: list[Identity],
    monkeypatch: pytest.MonkeyPatch,
    killed_after: int,
) -> None:
    """Before the first batch, between two, in the middle of one (its transaction is undone), before the end."""
    listed(sender, 7)
    monkeypatch.setattr(asking, "CHUNK", 4)
    renewal = start(town, alice)
    real, done = asking.statement, []

    def dies(name: str) -> str:
        if name == "note_asked":
            if len(done) == killed_after:
                raise ConnectionError("killed")
            done.append(name)
        return real(name)

    monkeypatch.setattr(asking, "statement", dies)
    if killed_after < 3:
        with pytest.raises(ConnectionError):
            asking.run(town.pk, renewal.pk)
        assert Delivery.objects.count() == Asking.objects.count() == 4 * killed_after
    monkeypatch.setattr(asking, "statement", real)
    asking.run(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert (renewal.state, renewal.asked) == (Renewal.State.ASKED, 12)
    assert Asking.objects.values("identity").distinct().count() == 12
    assert Delivery.objects.values("address_hash").distinct().count() == Delivery.objects.count() == 12


def test_one_is_open_at_a_time_and_only_of_the_version_in_force(
    town: Organization, alice: Person, people: list[Identity]
) -> None:
    old, new = new_version(), new_version()
    with pytest.raises(NotNow, match="non è più in vigore"):
        start(town, alice, policy=old)
    start(town, alice, policy=new)
    with pytest.raises(NotNow, match="già una richiesta"):
        start(town, alice, policy=new)
    assert Renewal.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 0, 13, 91, 4000])
def test_the_last_day_gives_people_time_and_is_not_too_far(
    town: Organization, alice: Person, people: list[Identity], days: int
) -> None:
    with pytest.raises(NotNow, match="termine"):
        verbs.start(town, new_version(), timezone.localdate() + timedelta(days=days), "stay", by=alice)


def test_the_months_budget_stops_it_as_any_mailing(
    town: Organization, alice: Person, people: list[Identity]
) -> None:
    set_price(town, "1.00", category="utility")
    budget = Budget.objects.create(organization=town, amount=1, beyond=Budget.Beyond.STOPS)
    policy = new_version()
    with pytest.raises(NotNow, match="limite del mese"):
        start(town, alice, policy=policy)
    assert not Renewal.objects.exists()
    budget.beyond = Budget.Beyond.WARNS
    budget.save()
    start(town, alice, policy=policy)


def test_an_empty_list_is_told(town: Organization, sender: Sender, alice: Person) -> None:
    with pytest.raises(NotNow, match="nessuno"):
        start(town, alice)


def test_stopped_nothing_more_leaves_and_a_new_one_asks_only_who_did_not_accept(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = ask_everybody(town, sender, alice)
    Asking.objects.filter(identity=people[0]).update(state=Asking.State.ACCEPTED)
    stopped = verbs.stop(renewal.pk, by=alice)
    assert stopped.state == Renewal.State.STOPPED
    assert not Outbox.objects.exists()
    with pytest.raises(NotNow):
        verbs.stop(renewal.pk, by=alice)
    last_day = timezone.localdate() + IN_A_MONTH
    again = verbs.start(town, renewal.policy, last_day, "stay", by=alice)
    asking.run(town.pk, again.pk)
    assert Asking.objects.filter(renewal=again).count() == 4


def test_stopped_between_two_batches_the_rest_is_not_asked(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = start(town, alice)
    mailing = asking._opened(renewal.pk, sender)
    assert mailing is not None
    addresses = list(islice(estimating.meant(sender).addresses(), 2))
    assert asking.ask_some(renewal.pk, mailing, addresses)
    verbs.stop(renewal.pk, by=alice)
    assert not asking.ask_some(renewal.pk, mailing, addresses)
    asking.run(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert (renewal.state, renewal.asked) == (Renewal.State.STOPPED, 2)


def test_a_template_that_is_lost_meanwhile_holds_it_up_and_says_why(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    renewal = start(town, alice)
    MessageTemplate.objects.update(status="PAUSED")
    jobs.ask(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert "pausa" in renewal.problem
    assert renewal.state == Renewal.State.ASKING
    MessageTemplate.objects.update(status="APPROVED")
    verbs.go_on(renewal.pk, by=alice)
    jobs.ask(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert (renewal.state, renewal.problem, renewal.asked) == (Renewal.State.ASKED, "", 5)


def test_a_job_that_dies_again_and_again_is_left_to_a_person(
    town: Organization, alice: Person, people: list[Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal = start(town, alice)

    def dies(*_args: int) -> None:
        raise ConnectionError

    monkeypatch.setattr(asking, "run", dies)
    for _time in range(verbs.MOST_TRIES):
        with pytest.raises(ConnectionError):
            jobs.ask(town.pk, renewal.pk)
    jobs.ask(town.pk, renewal.pk)
    renewal.refresh_from_db()
    assert "più volte" in renewal.problem


def test_each_number_asks_its_own_people(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    other = make_sender(town, "Biblioteca")
    approve(other)
    [reader] = listed(other, 1)
    renewal = ask_everybody(town, sender, alice)
    rows = {row.identity_id: row.mailing.sender_id for row in Asking.objects.select_related("mailing")}
    assert (renewal.asked, rows[reader.pk], rows[people[0].pk]) == (6, other.pk, sender.pk)


def test_a_list_without_words_asks_too(
    town: Organization, sender: Sender, alice: Person, people: list[Identity]
) -> None:
    ListSettings.objects.update(join_words=[], leave_words=[])
    assert ask_everybody(town, sender, alice).asked == 5
