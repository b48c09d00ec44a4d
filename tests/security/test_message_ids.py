# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A platform's message id holds the citizen's number: nothing that is kept gives it away."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from arengo.audience import privacy
from arengo.audience.defaults import create_defaults
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk.models import Message
from tests.factories.delivery import make_sender
from tests.factories.platforms import credentials
from tests.factories.webhooks import wamid
from tests.support.sandbox_server import SandboxProcess, sandbox_process
from tests.support.scan import Named, clear, traces_in, with_vault
from tests.support.traffic import Traffic, main_road

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "+393331234567"


@pytest.fixture(scope="module")
def outside() -> Iterator[SandboxProcess]:
    with sandbox_process(SANDBOX_MPS="1000") as sandbox:
        yield sandbox


@pytest.fixture
def traffic(
    scope: Organization, outside: SandboxProcess, olga: Person, settings: Any, tmp_path: Path
) -> Traffic:
    settings.MEDIA_ROOT = tmp_path / "media"
    outside.control("DELETE", "/ledger")
    create_defaults(scope)
    sender = make_sender(scope, rate=1000, credentials=credentials(outside.url))
    return Traffic(outside, sender, olga)


def citizen_of(traffic: Traffic) -> Named:
    return Named((traffic.number,), message_ids=tuple(traffic.ids))


@pytest.mark.parametrize(
    "hidden",
    [
        "{number}",
        "333 123-4567",
        "Message {id} failed",
        "{id64}",
        "x/{id64}",
        "id={quoted}",
        "{urlsafe}",
        "{twice}",
        "\\x{hex}",
        "prefix{cut}",
    ],
)
def test_the_scan_sees_a_number_however_it_is_written(hidden: str) -> None:
    name = wamid(NUMBER)
    id64 = name.removeprefix("wamid.")
    text = hidden.format(
        number=NUMBER,
        id=name,
        id64=id64,
        quoted=id64.replace("=", "%3D").replace("+", "%2B"),
        urlsafe=base64.urlsafe_b64encode(b"\xfb\xff" + NUMBER.encode() + b"\xff").decode(),
        twice=base64.b64encode(id64.encode()).decode(),
        hex=NUMBER.encode().hex(),
        cut=id64[2:30],
    )
    assert traces_in(text, Named((NUMBER,)))
    assert traces_in(text.encode(), Named((NUMBER,)))
    assert not traces_in(text, Named(("+393339999999",)))


def test_after_all_traffic_no_table_gives_the_number_away(
    traffic: Traffic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    main_road(traffic)
    assert len(traffic.ids) > 10
    assert clear(citizen_of(traffic), logs=[caplog.text]) == []
    # And yet each was found by what was sealed and hashed.
    answer = Message.objects.get(text="Alle 9.")
    assert answer.delivery is not None
    assert (answer.delivery.state, answer.citizen_reaction) == (DeliveryState.READ, "🙏")
    assert Message.objects.get(text="E alle 8?").reply_to == answer
    assert Message.objects.get(text="Scusi.").reply_to == answer.reply_to
    failed = Delivery.objects.get(state=DeliveryState.FAILED)
    assert "undeliverable" in failed.reason


def test_no_page_of_the_desk_gives_an_id_away(traffic: Traffic, browse: Callable[..., Client]) -> None:
    main_road(traffic)
    pages = ["/console/", f"/console/sportello/{traffic.conversation.pk}/"]
    for page in pages:
        shown = browse(traffic.operator).get(page, follow=True)
        assert shown.status_code == 200, page
        assert not any(each in shown.text for each in traffic.ids)
        assert [
            each for each in traces_in(shown.text, Named((traffic.number,))) if "depth 0" not in each
        ] == []


def test_after_erasure_even_the_vaults_key_finds_no_id(traffic: Traffic, alice: Person) -> None:
    main_road(traffic)

    def kept() -> list[str]:
        # A job takes the person out of what came in: test_erasure.py waits for it.
        return with_vault(citizen_of(traffic), apart={"intake_journal", "intake_scrub"})

    assert kept()  # to quote them
    privacy.erase(traffic.identity.contact, by=alice)
    assert kept() == []


def test_a_receipt_that_comes_after_the_erasure_puts_no_id_back(traffic: Traffic, alice: Person) -> None:
    traffic.writes("Buongiorno")
    sent, mailed = traffic.answers("Buongiorno a lei"), traffic.mailing()
    names = {delivery.pk: traffic.named(delivery) for delivery in (sent, mailed)}
    privacy.erase(traffic.identity.contact, by=alice)
    for delivery in (sent, mailed):
        traffic.reports(names[delivery.pk], "read", delivery)
        delivery.refresh_from_db()
        assert delivery.state == DeliveryState.READ
        assert (delivery.message_hash, delivery.message_sealed) == (None, None)


def test_of_a_mailing_ids_are_kept_as_hashes_alone(traffic: Traffic) -> None:
    traffic.writes("Buongiorno")
    single, mailed = traffic.answers("Buongiorno a lei"), traffic.mailing()
    assert single.message_id == traffic.named(single)
    assert (mailed.message_id, mailed.message_sealed, len(mailed.message_hash)) == ("", None, 16)


def test_an_answer_that_only_a_receipt_names_can_be_quoted(traffic: Traffic) -> None:
    """The send got no answer: whether it left, and under which id, a receipt says."""
    traffic.writes("Buongiorno")
    sent = traffic.answers("Buongiorno a lei")
    name = traffic.named(sent)
    Delivery.objects.filter(pk=sent.pk).update(
        state=DeliveryState.UNKNOWN, message_hash=None, message_sealed=None
    )
    traffic.reports(name, "delivered", sent)
    sent.refresh_from_db()
    assert sent.message_id == name
    traffic.writes("Chi parla?", context={"id": name, "from": "390550000001"})
    assert Message.objects.get(text="Chi parla?").reply_to == sent.desk_message
