# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A provider's address that Arengo does not write to: the sender stops and says why, and no message is lost or told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from pytest_django.fixtures import Settings

from arengo.core.models import Organization
from arengo.delivery.models import Delivery, DeliveryState, Sender
from arengo.delivery.senders import activation
from arengo.platforms import refusing
from arengo.platforms.contract import Credentials
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


def stopped(town: Organization, sandbox: SandboxProcess, account: Credentials) -> Sender:
    """A sender with these credentials, and twenty messages for it, once it has stopped."""
    sender = make_sender(town, rate=1000, credentials=account)
    mailing(sender, people(sandbox, 20))
    dispatch_until(lambda: Sender.objects.filter(state="stopped").exists())
    sender.refresh_from_db()
    assert ledger(sandbox) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
    return sender


def test_an_address_that_is_not_public_gets_no_message_until_it_is_allowed(
    scope: Organization, sandbox: SandboxProcess, settings: Settings, alice: Any
) -> None:
    settings.ARENGO_ALLOWED_ADDRESSES = []
    sender = stopped(scope, sandbox, credentials(sandbox.url))
    assert sender.stop_code == refusing.NOT_PUBLIC
    settings.ARENGO_ALLOWED_ADDRESSES = [sandbox.url.removeprefix("http://")]
    activation.resume(sender, by=alice)
    dispatch_until(settled())
    assert len(ledger(sandbox)) == 20


def test_another_address_than_the_secrets_were_entered_for_gets_no_message(
    scope: Organization, sandbox: SandboxProcess
) -> None:
    elsewhere = credentials("https://waba.example.test")
    sender = stopped(scope, sandbox, msgspec.structs.replace(elsewhere, base_url=sandbox.url))
    assert sender.stop_code == refusing.OTHER_ORIGIN
