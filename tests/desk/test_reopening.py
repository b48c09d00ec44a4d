# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window is shut: an approved message asks the citizen to write again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Organization, Person
from arengo.delivery.models import Delivery, DeliveryState, MessageTemplate
from arengo.desk import reopening, replying
from arengo.desk.models import Conversation, Message
from arengo.desk.reopening import NotReopened, reopen
from arengo.desk.reopening_template import values
from arengo.platforms.contract import Template
from tests.desk.road import Writes, page_of, sent
from tests.factories.core import STRANGER_HOST
from tests.factories.delivery import decide, set_price
from tests.factories.desk import said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


def send(client: Client, conversation: Conversation, key: str = "press-1") -> Any:
    shown = {"key": key, "shown": conversation.incoming_count, "last": conversation.messages.latest("pk").pk}
    return client.post(f"{page_of(conversation)}messaggio-approvato/", shown)


def test_the_page_says_what_the_citizen_reads_and_what_it_costs(
    shut: Conversation, olga: Person, browse: Browse
) -> None:
    set_price(shut.organization, "0.03", category="utility")
    page = " ".join(browse(olga).get(page_of(shut)).text.split())
    assert "Così lo legge Anna Esempio" in page
    assert "qui Comune di Esempio" in page
    assert "Sì, scrivetemi" in page
    assert "€\N{NO-BREAK SPACE}0,03" in browse(olga).get(page_of(shut)).text
    assert "dal listino dell’ente, 1 ottobre 2026" in page
    assert "Invia il messaggio approvato" in page


def test_without_a_price_the_cost_is_not_zero(shut: Conversation, olga: Person, browse: Browse) -> None:
    page = browse(olga).get(page_of(shut)).text
    assert "Quanto costa non si può dire" in page
    assert "Invia il messaggio approvato" in page


def test_it_goes_through_the_outbox_and_stands_in_the_thread(
    shut: Conversation, olga: Person, browse: Browse
) -> None:
    assert send(browse(olga), shut).status_code == 302
    message = Message.objects.get(direction="out")
    outgoing = sent(message)
    assert isinstance(outgoing, Template)
    assert (outgoing.name, outgoing.language) == ("arengo_riprendi_conversazione", "it")
    assert [button.value for button in outgoing.buttons] == ["arengo:write"]
    [day] = outgoing.body
    assert day.name == "giorno"
    assert day.text in message.text
    assert message.text.startswith("Buongiorno, qui Comune di Esempio.")
    assert message.text.endswith("[Sì, scrivetemi]")
    assert (message.author, message.template) == (olga, "reopen_desk")
    assert Delivery.objects.get().price_category == "utility"
    page = " ".join(browse(olga).get(page_of(shut)).text.split())
    assert "messaggio approvato" in page
    assert "ora tocca al cittadino" in page
    shut.refresh_from_db()
    assert (shut.waiting_since, shut.unread, shut.assignee) == (None, 0, olga)


def test_the_log_tells_who_sent_it_to_whom(shut: Conversation, olga: Person) -> None:
    message = reopen(shut, by=olga, key="k")
    entry = AuditEntry.objects.get(verb="desk.sent_approved")
    assert (entry.person, entry.object_id) == (olga, str(shut.pk))
    assert entry.detail == {"message": message.pk, "template": "arengo_riprendi_conversazione"}


def test_pressed_twice_it_goes_once(shut: Conversation, olga: Person) -> None:
    assert reopen(shut, by=olga, key="k") == reopen(shut, by=olga, key="k")
    assert Delivery.objects.count() == 1


def test_who_does_not_answer_is_not_asked_again_on_the_same_day(shut: Conversation, olga: Person) -> None:
    first = reopen(shut, by=olga, key="k")
    with pytest.raises(NotReopened, match="è già partito"):
        reopen(shut, by=olga, key="another")
    Message.objects.filter(pk=first.pk).update(sent_at=timezone.now() - timedelta(hours=25))
    reopen(shut, by=olga, key="another")
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "said_why"),
    [
        ({"status": "PENDING"}, "aspetta l&#x27;approvazione di Meta"),
        ({"status": "REJECTED", "reason": "INVALID_FORMAT"}, "ha rifiutato"),
        ({"status": "PAUSED"}, "in pausa"),
        ({"components": [{"type": "BODY", "text": "Ciao"}]}, "va rifatto"),
        (None, "Manca il modello"),
    ],
)
def test_what_is_not_approved_does_not_go_and_says_why(
    shut: Conversation,
    olga: Person,
    browse: Browse,
    change: dict[str, Any] | None,
    said_why: str,
) -> None:
    if change is None:
        MessageTemplate.objects.all().delete()
    else:
        MessageTemplate.objects.update(**change)
    page = browse(olga).get(page_of(shut)).text
    assert said_why in page
    assert "Invia il messaggio approvato" not in page
    refused = send(browse(olga), shut)
    assert refused.status_code == 302
    assert said_why in browse(olga).get(refused["Location"]).text
    assert not Delivery.objects.exists()
    assert not Message.objects.filter(direction="out").exists()


def test_once_the_citizen_wrote_the_words_are_free(
    shut: Conversation, olga: Person, write: Writes, anna: Identity
) -> None:
    write(said(anna, "Sì, scrivetemi", kind="choice", choice_id="arengo:write"))
    with pytest.raises(NotReopened, match="rispondere liberamente"):
        reopen(shut, by=olga, key="k")
    shut.refresh_from_db()
    assert shut.unread
    assert Message.objects.filter(direction="in", kind="choice", command="").exists()


def test_one_that_failed_goes_again_although_the_window_is_shut(shut: Conversation, olga: Person) -> None:
    message = reopen(shut, by=olga, key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    replying.retry(Message.objects.get(pk=message.pk), by=olga)
    assert Delivery.objects.get().state == DeliveryState.QUEUED


def test_after_one_that_failed_another_may_go(shut: Conversation, olga: Person) -> None:
    reopen(shut, by=olga, key="k")
    decide(Delivery.objects.all(), DeliveryState.FAILED, 131026, "Message undeliverable")
    assert reopening.offer(shut).may_go
    reopen(shut, by=olga, key="another")
    assert Delivery.objects.count() == 2


def test_a_day_of_another_year_is_named_with_it(shut: Conversation, scope: Organization) -> None:
    shut.citizen_wrote_at = timezone.now() - timedelta(days=500)
    [day] = values(shut, scope).values()
    assert day.endswith(str(shut.citizen_wrote_at.year))


def test_a_stranger_sends_nothing(
    altrove: Organization, carlo: Person, shut: Conversation, browse: Browse
) -> None:
    assert send(browse(carlo), shut).status_code == 404
    assert send(browse(carlo, host=STRANGER_HOST), shut).status_code == 404
    assert not Delivery.objects.exists()


def test_who_only_reads_sends_nothing(shut: Conversation, rita: Person, browse: Browse) -> None:
    assert "Invia il messaggio approvato" not in browse(rita).get(page_of(shut)).text
    assert send(browse(rita), shut).status_code == 403
