# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update on some topics reaches who wants one of them, from the word «Iscrivimi eventi» to a second try."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from django.test import Client
from django.urls import reverse

from arengo.audience import arrivals
from arengo.audience.models import Subscription, Topic, phone_hash
from arengo.core.events import Batch
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.vault import Vault
from arengo.delivery.models import Delivery, DeliveryState, Fanout, Sender, Urgency
from arengo.newsroom import estimating, publishing
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.news.kind import News
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, outcome, retrying
from arengo.platforms.contract import Address, MessageReceived
from tests.factories.audience import at, message
from tests.factories.delivery import decide
from tests.factories.newsroom import draft, publish

Browse = Callable[..., Client]
Write = Callable[..., Update]

EVA = Address(phone="+393339000001")  # wants events only
VITO = Address(phone="+393339000002")  # roads only
BOTH = Address(phone="+393339000003")
# Three more of the town's are on the list and want everything.


def _hash(person: Address) -> bytes:
    return phone_hash("whatsapp", person.phone or "")


def say(town: Organization, sender: Sender, *said: MessageReceived) -> None:
    arrivals.receive(Batch(town.pk, sender.pk, list(said), "whatsapp"))


@pytest.fixture
def listed(town: Organization, sender: Sender) -> dict[str, int]:
    """Topics by name, once six people are on the list."""
    say(
        town,
        sender,
        message(EVA, "Iscrivimi eventi"),
        message(VITO, "ISCRIVIMI viabilità"),
        message(BOTH, "iscrivimi eventi e strade"),
    )
    return {topic.name: topic.pk for topic in Topic.objects.all()}


def sent(town: Organization, update: Update, by: Person) -> Placement:
    publish(town, update, by)
    publishing.carry_out(town.pk, update.pk)
    found: Placement = Placement.objects.select_related("update").get(update=update, outlet=LIST)
    return found


def got(placement: Placement, people: Collection[Address]) -> set[Address]:
    """Who of them has a row in its mailing."""
    rows = Delivery.objects.filter(fanout_id=int(placement.reference)).values_list("address_hash", flat=True)
    hashes = {bytes(one) for one in rows}
    return {one for one in people if _hash(one) in hashes}


def test_who_wants_events_gets_nothing_on_roads_and_gets_an_alert(
    town: Organization,
    listed: dict[str, int],
    write: Write,
    edo: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roads = sent(town, write(topics=(listed["Viabilità"],)), edo)
    assert got(roads, [EVA, VITO, BOTH]) == {VITO, BOTH}
    assert Fanout.objects.get(pk=int(roads.reference)).total == 5
    everything = sent(town, write(), edo)
    assert got(everything, [EVA, VITO, BOTH]) == {EVA, VITO, BOTH}
    monkeypatch.setattr(News, "urgency", Urgency.ALERT)
    alert = sent(town, write(topics=(listed["Viabilità"],)), edo)
    assert got(alert, [EVA, VITO, BOTH]) == {EVA, VITO, BOTH}
    assert (alert.detail["other_topics"], alert.update.topic_names) == (0, [])


def test_nobody_is_asked_for_the_topics_of_what_goes_to_everybody(
    town: Organization, listed: dict[str, int], edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(News, "urgency", Urgency.ALERT)
    assert 'name="topics"' not in browse(edo).get(reverse("newsroom:new")).text
    data = {"outlets": [LIST], "topics": [str(listed["Viabilità"])]}
    panel = browse(edo).post(reverse("newsroom:preview"), data).text
    assert "topic-reach" not in panel
    assert "Solo per" not in panel


def test_the_editor_counts_whom_the_topics_reach_while_they_are_chosen(
    town: Organization, listed: dict[str, int], edo: Person, browse: Browse
) -> None:
    page = browse(edo).get(reverse("newsroom:new")).text
    assert "Lo ricevono <strong>6</strong> persone." in page
    assert page.count('name="topics"') == 5
    data = {"title": "Lavori", "outlets": [LIST], "topics": [str(listed["Viabilità"])]}
    panel = browse(edo).post(reverse("newsroom:preview"), data).text
    assert 'hx-swap-oob="innerHTML:#topic-reach"' in panel
    assert "Lo ricevono <strong>5</strong> persone." in panel
    assert "Solo per il tema Viabilità." in panel
    assert "Di 6 iscritti, 1 ha scelto altri temi e non lo riceve." in panel


def test_what_was_chosen_is_saved_shown_before_sending_and_in_the_log(
    town: Organization, listed: dict[str, int], write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    data = {
        "title": "Lavori",
        "text_1": "Via Roma è chiusa",
        "outlets": [LIST],
        "topics": [str(listed["Viabilità"]), str(listed["Emergenze"])],
    }
    browse(edo).post(reverse("newsroom:new"), data)
    update = Update.objects.get()
    assert sorted(update.topics) == sorted([listed["Viabilità"], listed["Emergenze"]])
    editor = browse(edo).get(update.get_absolute_url()).text
    assert editor.count('name="topics"') == 5
    assert editor.count("checked") == 3  # the outlet and two topics
    asked = browse(edo).get(reverse("newsroom:send", args=[update.pk])).text
    assert "Solo per i temi Viabilità, Emergenze." in asked
    assert "Di 6 iscritti, 1 ha scelto altri temi e non lo riceve." in asked
    assert "Invia a 5 persone" in asked
    sent(town, update, edo)
    told = browse(edo).get(reverse("newsroom:update", args=[update.pk])).text
    assert "Solo per i temi Viabilità, Emergenze." in told
    assert "1 iscritto ha scelto altri temi: non gli è stato scritto." in told
    entry = AuditEntry.objects.get(verb="newsroom.published")
    assert entry.detail["topics"] == ["Viabilità", "Emergenze"]
    assert "temi: Viabilità, Emergenze" in browse(alice).get(reverse("settings:log")).text


def test_a_sent_update_says_for_whom_it_was_after_the_topic_is_gone(
    town: Organization, listed: dict[str, int], write: Write, edo: Person, browse: Browse
) -> None:
    placement = sent(town, write(topics=(listed["Emergenze"],)), edo)
    Topic.objects.filter(name="Emergenze").delete()
    page = browse(edo).get(placement.update.get_absolute_url()).text
    assert "Solo per il tema Emergenze." in page


def test_a_draft_whose_topic_is_gone_goes_nowhere_until_somebody_saves_it_again(
    town: Organization, listed: dict[str, int], write: Write, edo: Person, browse: Browse
) -> None:
    update = write(topics=(listed["Emergenze"],))
    Topic.objects.filter(name="Emergenze").delete()
    assert not estimating.readiness(draft_of(update), town).may_go
    with pytest.raises(publishing.NotReady):
        publish(town, update, edo)
    words = "Un tema scelto per questa bozza non c’è più"
    assert words in browse(edo).get(update.get_absolute_url()).text
    data = {
        "title": update.title,
        "text_1": "Via Roma è chiusa",
        "outlets": [LIST],
        "update": str(update.pk),
        "version": str(update.version),
    }
    late = browse(edo).post(update.get_absolute_url(), {**data, "topics": [str(listed["Emergenze"])]})
    assert words in late.text  # the page was older than the deletion: what was written is saved, and stops
    update.refresh_from_db()
    browse(edo).post(update.get_absolute_url(), {**data, "version": str(update.version)})
    update.refresh_from_db()
    assert update.topics == []
    assert estimating.readiness(draft_of(update), town).may_go


@pytest.mark.parametrize("topic", ["x", "-1", "9" * 40])
def test_what_is_no_topic_at_all_is_refused(
    town: Organization, edo: Person, browse: Browse, topic: str
) -> None:
    page = browse(edo).post(reverse("newsroom:new"), {"title": "Lavori", "topics": [topic]})
    assert page.status_code == 422
    assert not Update.objects.exists()


def test_topics_that_nobody_wants_are_an_obstacle_with_its_own_words(
    town: Organization, listed: dict[str, int]
) -> None:
    Subscription.objects.exclude(topics__name="Eventi").update(active=False)
    found = estimating.readiness(draft(topics=(listed["Emergenze"],)), town)
    assert found.obstacle is not None
    assert found.obstacle.words.startswith("Nessuno degli iscritti vuole questi temi.")


def test_a_town_without_topics_is_not_asked_for_any(town: Organization, edo: Person, browse: Browse) -> None:
    Topic.objects.all().delete()
    page = browse(edo).get(reverse("newsroom:new")).text
    assert 'name="topics"' not in page
    assert "topic-reach" not in browse(edo).post(reverse("newsroom:preview"), {"outlets": [LIST]}).text


def test_the_version_of_somebody_else_says_for_whom_it_is(
    town: Organization, listed: dict[str, int], write: Write, edo: Person, browse: Browse
) -> None:
    update = write(topics=(listed["Eventi"],))
    page = browse(edo).post(update.get_absolute_url(), {"title": "Altro", "version": "0"})
    assert page.status_code == 409
    assert "Solo per il tema Eventi." in page.text


# --- a second try -----------------------------------------------------------------------------------------------


@pytest.fixture
def failed(town: Organization, listed: dict[str, int], write: Write, edo: Person) -> Placement:
    """On events; it reached nobody."""
    placement = sent(town, write(topics=(listed["Eventi"],)), edo)
    mailed = Delivery.objects.filter(fanout_id=int(placement.reference))
    decide(mailed, DeliveryState.FAILED, 131026, "Message undeliverable")
    return placement


def test_a_second_try_means_the_same_people_without_those_who_left_or_want_it_no_more(
    failed: Placement, town: Organization, sender: Sender, edo: Person
) -> None:
    say(
        town,
        sender,
        message(EVA, "CANCELLAMI", sent_at=at(1)),
        message(BOTH, "CANCELLAMI", sent_at=at(1)),
        message(BOTH, "iscrivimi viabilità", sent_at=at(2)),
    )
    assert retrying.retry(failed, by=edo) == 3
    again = Delivery.objects.filter(fanout_id=int(failed.reference), state=DeliveryState.QUEUED)
    waiting = again.values_list("address_hash", flat=True)
    assert not {_hash(one) for one in (EVA, VITO, BOTH)} & {bytes(one) for one in waiting}


def test_a_second_try_opens_no_address(
    failed: Placement, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_of: object, **_how: object) -> str:
        raise AssertionError("an address was opened")

    monkeypatch.setattr(Vault, "open_text", opened)
    monkeypatch.setattr(Vault, "open", opened)
    assert retrying.retry(failed, by=edo, codes=[131026]) == 5


def test_unknown_ones_go_again_to_those_who_are_still_meant(
    town: Organization, sender: Sender, listed: dict[str, int], write: Write, edo: Person
) -> None:
    placement = sent(town, write(topics=(listed["Eventi"],)), edo)
    decide(Delivery.objects.filter(fanout_id=int(placement.reference)), DeliveryState.UNKNOWN)
    fanout = Fanout.objects.get(pk=int(placement.reference))
    say(town, sender, message(EVA, "CANCELLAMI", sent_at=at(1)))
    mark = outcome.doubts.unknown(fanout).mark
    assert outcome.send_unknown_again(placement, by=edo, mark=mark, only_not_sent=False) == 4


def test_a_mailing_of_before_there_were_topics_went_to_everybody(failed: Placement, edo: Person) -> None:
    Placement.objects.filter(pk=failed.pk).update(detail={})
    failed.refresh_from_db()
    assert retrying.retry(failed, by=edo) == 5
