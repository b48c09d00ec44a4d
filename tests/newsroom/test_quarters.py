# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""An update for some quarters, and one of a kind that some want alone: who gets it, and what the editor reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience.models import Quarter, Subscription, Topic
from arengo.audience.topics import counting
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Fanout
from arengo.newsroom import estimating, publishing, topics
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.kinds.news.kind import News
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST
from tests.factories.newsroom import publish

Browse = Callable[..., Client]
Write = Callable[..., Update]


@pytest.fixture
def quarters(town: Organization) -> dict[str, int]:
    """Of three people one lives in Centro, one in Borgo, one anywhere."""
    found = {
        name: int(Quarter.objects.create(organization=town, name=name).pk) for name in ("Centro", "Borgo")
    }
    first, second, _third = Subscription.objects.order_by("pk")
    first.quarters.set([found["Centro"]])
    second.quarters.set([found["Borgo"]])
    return found


def test_an_update_for_a_quarter_goes_to_who_lives_there_and_to_who_did_not_say(
    town: Organization, quarters: dict[str, int], write: Write, edo: Person, browse: Browse
) -> None:
    update = write(quarters=(quarters["Borgo"],))
    asked = browse(edo).get(reverse("newsroom:send", args=[update.pk])).text
    assert "Solo per il quartiere Borgo." in asked
    assert "1 iscritto è di altri quartieri: questo non è per lui." in asked
    publish(town, update, edo)
    publishing.carry_out(town.pk, update.pk)
    placement = Placement.objects.get(update=update, outlet=LIST)
    assert Fanout.objects.get(pk=int(placement.reference)).total == 2
    assert placement.detail["other_quarters"] == 1
    told = browse(edo).get(reverse("newsroom:update", args=[update.pk])).text
    assert "Solo per il quartiere Borgo." in told
    assert AuditEntry.objects.get(verb="newsroom.published").detail["quarters"] == ["Borgo"]


def test_the_editor_offers_quarters_beside_topics_and_counts_while_they_are_chosen(
    town: Organization, quarters: dict[str, int], edo: Person, browse: Browse
) -> None:
    page = browse(edo).get(reverse("newsroom:new")).text
    assert page.count('name="quarters"') == 2
    data = {"title": "Lavori", "outlets": [LIST], "quarters": [str(quarters["Centro"])]}
    panel = browse(edo).post(reverse("newsroom:preview"), data).text
    assert "Lo ricevono <strong>2</strong> persone." in panel
    assert "Solo per il quartiere Centro." in panel
    browse(edo).post(reverse("newsroom:new"), {**data, "text_1": "Via Roma è chiusa"})
    assert Update.objects.get().quarters == [quarters["Centro"]]
    Topic.objects.all().delete()
    assert 'name="quarters"' in browse(edo).get(reverse("newsroom:new")).text


def test_a_quarter_that_is_gone_stops_the_draft(
    town: Organization, quarters: dict[str, int], write: Write
) -> None:
    update = write(quarters=(quarters["Borgo"],))
    Quarter.objects.filter(name="Borgo").update(ended_at=timezone.now())
    [problem] = [
        one for one in estimating.readiness(draft_of(update), town).problems if one.field == "quarters"
    ]
    assert "Un quartiere scelto per questa bozza non c’è più" in problem.words


def test_who_wants_only_what_this_is_not_is_spared_and_said(
    town: Organization, write: Write, edo: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    Subscription.objects.filter(pk=Subscription.objects.earliest("pk").pk).update(frequency="digests")
    update = write()
    asked = browse(edo).get(reverse("newsroom:send", args=[update.pk])).text
    assert "1 iscritto ha chiesto di ricevere solo altro" in asked
    assert "Invia a 2 persone" in asked
    monkeypatch.setattr(News, "frequency", "digests")  # a kind that carries what they chose
    assert "Invia a 3 persone" in browse(edo).get(reverse("newsroom:send", args=[update.pk])).text


def test_what_is_sent_about_a_topic_is_counted_where_its_cost_is_said(
    town: Organization, write: Write, edo: Person
) -> None:
    topic = Topic.objects.get(name="Viabilità")
    write(topics=(topic.pk,))  # a draft costs nothing
    update = write(topics=(topic.pk,))
    publish(town, update, edo)
    found = topics.usage(timezone.now() - timedelta(days=1))
    assert (found.topics[topic.pk], found.category) == (1, "marketing")
    of_topics, _quarters = counting.both()
    assert [line.sent for line in of_topics.lines if line.one == topic] == [1]
