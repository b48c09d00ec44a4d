# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person on WhatsApp and on a platform that is made up links the two: they are reached once, on the one that they prefer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from arengo.audience import arrivals
from arengo.audience.linking.chat import KIND
from arengo.audience.linking.models import Link
from arengo.audience.models import Identity
from arengo.audience.recipients import Purpose, Recipients
from arengo.core import automatic
from arengo.core.events import Batch
from arengo.core.models import Organization
from arengo.delivery.models import Sender
from tests.delivery.sending.dispatching import dispatch_until
from tests.factories.audience import ANNA, message
from tests.factories.delivery import make_sender
from tests.factories.linking import code_in
from tests.seams.platform_mock.number import gabbiano, knock, outside, says, sender
from tests.seams.platform_mock.world import World

__all__ = ["gabbiano", "knock", "outside", "says", "sender"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

Says = Callable[..., str]


@pytest.fixture
def whatsapp(scope: Organization, sender: Sender) -> Sender:
    automatic.switch([KIND], on=True)
    return make_sender(scope, "WhatsApp del Comune")


@pytest.fixture
def writes(scope: Organization, whatsapp: Sender) -> Callable[[str], None]:
    """Anna, on WhatsApp."""

    def write(text: str) -> None:
        said = message(ANNA, text, sent_at=timezone.now())
        with transaction.atomic():
            arrivals.receive(Batch(scope.pk, whatsapp.pk, [said], "whatsapp"))

    return write


def came(outside: World, words: str) -> str:
    """What reached her on Gabbiano with these words, once it is there."""
    dispatch_until(lambda: any(words in text for _user, text in outside.sent))
    [text] = [text for user, text in outside.sent if words in text and user == "g-anna"]
    return text


def test_one_person_on_two_platforms_has_one_subscription_and_one_message(
    sender: Sender, whatsapp: Sender, says: Says, writes: Callable[[str], None], outside: World
) -> None:
    says("iscrivimi")
    writes("iscrivimi")
    says("collega")
    writes(code_in(came(outside, "Il tuo codice")))
    assert "collegata a WhatsApp, " in came(outside, "Questa chat ora è collegata")
    link = Link.objects.get()
    assert (link.preferred.platform, link.other.platform) == ("mock", "whatsapp")
    on_whatsapp, on_gabbiano = Recipients(whatsapp.pk), Recipients(sender.pk)
    assert [one.user_id for one in on_gabbiano.addresses()] == ["g-anna"]
    assert (on_whatsapp.count(), on_gabbiano.count()) == (0, 1)

    writes("ricevi qui")
    assert [one.phone for one in on_whatsapp.addresses()] == [ANNA.phone]
    assert (on_whatsapp.count(), on_gabbiano.count()) == (1, 0)
    assert Recipients(purpose=Purpose.ALERT).count() == 1

    says("scollega")
    assert "Qui ricevi gli avvisi" in came(outside, "non sono più collegate")
    assert (on_whatsapp.count(), on_gabbiano.count()) == (1, 1)
    assert not Link.objects.exists()
    assert Identity.objects.count() == 2
