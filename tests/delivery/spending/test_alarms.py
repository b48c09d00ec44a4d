# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Free messages that are nearly used, and messages that are accepted and never heard of."""

from __future__ import annotations

import calendar
from datetime import timedelta

import pytest
from django.utils import timezone

from arengo.core.console import conditions, troubles
from arengo.core.console.troubles import Trouble
from arengo.core.models import Organization
from arengo.core.scope import every_organization
from arengo.delivery.models import Charge, Delivery, DeliveryState, Fanout, Sender
from arengo.delivery.prices import pricing
from arengo.delivery.queue import outbox
from arengo.delivery.spending.allowance import allowances
from arengo.delivery.spending.figures import this_month
from arengo.delivery.spending.silence import Silence, silences
from arengo.platforms.contract import Text
from tests.factories.delivery import addresses, decide, mailing, make_sender, set_price


def charged(sender: Sender, many: int, *, billable: bool = False, **more: object) -> None:
    Charge.objects.create(
        organization_id=sender.organization_id,
        sender=sender,
        **{
            "day": this_month(sender.organization),
            "category": "service",
            "billable": billable,
            "count": many,
            **more,
        },
    )


def found(kind: str) -> list[Trouble]:
    return [one for one in troubles.troubles(conditions.read()) if one.kind == kind]


# --- the free ones ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("used", "said"), [(799, 0), (800, 1), (1000, 1), (1200, 1)])
def test_from_four_fifths_on_it_is_said(scope: Organization, sender: Sender, used: int, said: int) -> None:
    charged(sender, used)
    assert len(found("free_messages_nearly_used")) == said


def test_what_it_says_tells_how_many_and_what_happens_then(scope: Organization, sender: Sender) -> None:
    charged(sender, 812)
    [trouble] = found("free_messages_nearly_used")
    assert "812 delle 1.000 risposte gratuite" in trouble.title
    assert "metodo di pagamento" in trouble.remedy
    assert not trouble.person


def test_answers_of_last_month_and_of_another_number_do_not_count(
    scope: Organization, sender: Sender
) -> None:
    second_sender = make_sender(scope, "Polizia locale")
    charged(sender, 900, day=this_month(scope) - timedelta(days=1))
    charged(second_sender, 700)
    charged(sender, 700)
    assert found("free_messages_nearly_used") == []


def test_the_organizations_own_price_list_says_how_many_are_free(scope: Organization, sender: Sender) -> None:
    set_price(scope, "0.03", category="service", free_per_month=500)
    charged(sender, 420)
    [one] = allowances([sender])
    assert (one.category, one.used, one.most, one.share) == ("service", 420, 500, 84)
    set_price(scope, "0.03", category="service", free_per_month=0, valid_from=pricing.today(scope))
    assert allowances([sender]) == []


def test_what_it_will_come_to_is_told_at_the_pace_so_far(scope: Organization, sender: Sender) -> None:
    charged(sender, 300)
    [one] = allowances([sender])
    today = pricing.today(scope)
    assert one.expected == round(300 * calendar.monthrange(today.year, today.month)[1] / today.day)


def silence_of(sender: Sender) -> Silence | None:
    return silences([sender]).get(sender.pk)


# --- accepted, and never heard of ---------------------------------------------------------------------------------


def answers(sender: Sender, many: int, *, ago: timedelta = timedelta(hours=1)) -> None:
    """Accepted so long ago."""
    for each in addresses(many, Delivery.objects.count()):
        delivery = outbox.enqueue(sender, each, Text("Alle nove."))
        at = timezone.now() - ago
        decide(Delivery.objects.filter(pk=delivery.pk), DeliveryState.ACCEPTED, at=at)
        Delivery.objects.filter(pk=delivery.pk).update(created_at=at)


def test_three_answers_without_any_receipt_ring(scope: Organization, sender: Sender) -> None:
    answers(sender, 2)
    assert silence_of(sender) is None
    answers(sender, 1)
    [trouble] = found("sends_unheard_of")
    assert trouble.person
    assert "Gli ultimi 3 messaggi sono stati accettati" in trouble.remedy
    assert "metodo di pagamento" in trouble.remedy
    assert "sono finiti" not in trouble.remedy


def test_where_the_free_ones_are_used_up_it_says_that_this_is_why(
    scope: Organization, sender: Sender
) -> None:
    charged(sender, 1000)
    answers(sender, 3)
    [trouble] = found("sends_unheard_of")
    assert "I messaggi gratuiti di questo mese sono finiti" in trouble.remedy


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.FAILED])
def test_one_receipt_of_the_last_is_enough(scope: Organization, sender: Sender, state: DeliveryState) -> None:
    answers(sender, 5, ago=timedelta(hours=2))
    answers(sender, 1)
    decide(Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk), state)
    assert silence_of(sender) is None


def test_an_hour_of_silence_after_receipts_rings(scope: Organization, sender: Sender) -> None:
    answers(sender, 3, ago=timedelta(hours=3))
    decide(Delivery.objects.all(), DeliveryState.DELIVERED)
    answers(sender, 3)
    silence = silence_of(sender)
    assert silence is not None
    assert silence.messages == 3


def test_what_went_a_moment_ago_is_waited_for(scope: Organization, sender: Sender) -> None:
    answers(sender, 9, ago=timedelta(minutes=5))
    assert silence_of(sender) is None


def test_a_mailing_of_last_night_without_receipts_rings(scope: Organization, sender: Sender) -> None:
    mailing(sender, 25)
    decide(Delivery.objects.all(), DeliveryState.ACCEPTED)
    Fanout.objects.update(last_accepted_at=timezone.now() - timedelta(hours=9))
    assert len(found("sends_unheard_of")) == 1
    decide(Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk), DeliveryState.DELIVERED)
    assert found("sends_unheard_of") == []


def test_a_sender_that_is_stopped_is_another_trouble(scope: Organization, sender: Sender) -> None:
    answers(sender, 3)
    Sender.objects.update(state=Sender.State.STOPPED)
    assert found("sends_unheard_of") == []


def test_whoever_runs_all_sees_all(scope: Organization, sender: Sender) -> None:
    charged(sender, 900)
    with every_organization("the status of the whole installation"):
        assert len(found("free_messages_nearly_used")) == 1
