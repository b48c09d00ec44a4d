# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A number whose pace is set higher than the platform grants: «too fast» costs time, and no message."""

from __future__ import annotations

import pytest

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState
from tests.delivery.sending.dispatching import (
    dispatch_until,
    ledger,
    mailing,
    outside,
    people,
    sandbox,
    settled,
)
from tests.factories.delivery import make_sender
from tests.factories.platforms import credentials
from tests.support.sandbox_server import SandboxProcess

__all__ = ["outside", "sandbox"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_message_arrives_once_also_through_a_slower_platform(
    scope: Organization, sandbox: SandboxProcess
) -> None:
    sandbox.control("POST", "/conditions", {"mps": 40})
    sender = make_sender(scope, rate=120, credentials=credentials(sandbox.url))
    fanout = mailing(sender, people(sandbox, 200))
    dispatch_until(settled(DeliveryState.ACCEPTED))
    sent = [send["biz_opaque_callback_data"] for send in ledger(sandbox)]
    assert sorted(map(int, sent)) == sorted(Delivery.objects.values_list("pk", flat=True))
    fanout.refresh_from_db()
    assert (fanout.n_accepted, fanout.n_failed, fanout.n_waiting) == (200, 0, 0)
