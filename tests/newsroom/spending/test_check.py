# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The budget where mailings start: in the verb that sends, and in each that sends again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from arengo.core.models import Organization, Person
from arengo.delivery.models import Budget, Delivery, DeliveryState, Urgency
from arengo.newsroom import publishing
from arengo.newsroom.kinds.news.kind import News
from arengo.newsroom.models import Placement, Update
from arengo.newsroom.outlets.channel import KEY as CHANNEL
from arengo.newsroom.outlets.whatsapp_list import KEY as LIST, outcome, retrying
from tests.factories.delivery import decide, lose
from tests.newsroom.pages import ROOT, Browse, Write, words


def limit(town: Organization, amount: str, beyond: str = Budget.Beyond.STOPS) -> None:
    """A mailing to the three costs € 0,168."""
    Budget.objects.update_or_create(organization=town, defaults={"amount": Decimal(amount), "beyond": beyond})


def publish(town: Organization, update: Update, by: Person) -> None:
    publishing.publish(town, update.pk, by=by, key="k", version=update.version)


def test_beyond_it_nothing_is_sent_and_the_editor_says_why(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    limit(town, "0.16")
    update = write()
    with pytest.raises(publishing.NotReady):
        publish(town, update, edo)
    assert Update.objects.get().is_draft
    assert not Placement.objects.exists()
    answer = browse(edo).get(f"{ROOT}{update.pk}/invio/")
    assert answer["Location"] == f"{ROOT}{update.pk}/modifica/"
    page = words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))
    assert "Il limite del mese è € 0,16" in page
    assert "Guarda la spesa" in page
    browse(edo).post(f"{ROOT}{update.pk}/invio/", {"key": "k", "version": "1"})
    assert Update.objects.get().is_draft


def test_where_it_warns_the_question_says_so_and_it_goes(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    limit(town, "0.16", Budget.Beyond.WARNS)
    update = write()
    assert "Con questo invio si supera il limite del mese" in words(
        browse(edo).get(f"{ROOT}{update.pk}/invio/")
    )
    publish(town, update, edo)
    assert Update.objects.get().state == Update.State.SENDING


def test_two_that_fit_alone_do_not_both_go(town: Organization, write: Write, edo: Person) -> None:
    """The first is decided and has no mailing yet."""
    limit(town, "0.20")
    first, second = write(title="Primo"), write(title="Secondo")
    publish(town, first, edo)
    with pytest.raises(publishing.NotReady):
        publish(town, second, edo)
    publishing.carry_out(town.pk, first.pk)
    with pytest.raises(publishing.NotReady):
        publish(town, second, edo)
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Undeliverable")
    publish(town, second, edo)


def test_an_alert_goes_whatever_it_costs(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(town, "0.01")
    monkeypatch.setattr(News, "urgency", Urgency.ALERT)
    publish(town, update := write(), edo)
    publishing.carry_out(town.pk, update.pk)
    assert Delivery.objects.count() == 3


def test_the_channel_costs_nothing_and_goes(town: Organization, write: Write, edo: Person) -> None:
    limit(town, "0.01")
    publish(town, write(outlets=(CHANNEL,)), edo)


def test_trying_again_is_weighed_as_well(
    town: Organization, out: Update, edo: Person, browse: Browse
) -> None:
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131000, "Something went wrong")
    placement = Placement.objects.select_related("update").get(outlet=LIST)
    limit(town, "0.16")
    page = words(browse(edo).get(f"{ROOT}{out.pk}/riprova/?outlet=list&code=131000"))
    assert "Il limite del mese è € 0,16" in page
    assert "Riprova con" not in page
    assert retrying.retry(placement, by=edo, codes=[131000]) == 0
    answer = browse(edo).post(f"{ROOT}{out.pk}/riprova/", {"outlet": "list", "code": "131000"}, follow=True)
    assert "Il limite del mese è € 0,16" in words(answer)
    limit(town, "0.17")
    assert retrying.retry(placement, by=edo, codes=[131000]) == 3


def test_what_nobody_knows_of_is_weighed_as_well(town: Organization, out: Update, edo: Person) -> None:
    lose(Delivery.objects.all())
    placement = Placement.objects.select_related("update").get(outlet=LIST)
    far_away = 10**17
    limit(town, "0.16")
    assert outcome.send_unknown_again(placement, by=edo, mark=far_away, only_not_sent=False) == 0
    limit(town, "0.17")
    assert outcome.send_unknown_again(placement, by=edo, mark=far_away, only_not_sent=False) == 3
