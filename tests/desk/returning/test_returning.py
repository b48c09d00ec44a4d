# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who writes again within the organization's days comes back to the same conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import AuditEntry, Person
from arengo.desk import handling
from arengo.desk.labels import shown, verbs as labels
from arengo.desk.models import Conversation
from arengo.desk.returning.models import ReturnRule
from tests.desk.road import Writes, page_of
from tests.factories.desk import make_label, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]


@pytest.fixture
def closed(conversation: Conversation, olga: Person) -> Conversation:
    """Olga answered for the registry office, and closed it."""
    labels.put_on(conversation, make_label("Anagrafe"), by=olga)
    handling.take(conversation, by=olga)
    handling.close(conversation, by=olga)
    return conversation


def test_without_a_rule_another_conversation_opens(
    write: Writes, closed: Conversation, anna: Identity
) -> None:
    write(said(anna, "Grazie"))
    assert Conversation.objects.count() == 2


def test_within_the_days_it_opens_again_with_label_and_operator(
    write: Writes, closed: Conversation, anna: Identity, olga: Person, browse: Browse
) -> None:
    ReturnRule.objects.create(days=3)
    assert "si riapre" in browse(olga).get(page_of(closed)).content.decode()
    write(said(anna, "Ancora una cosa"))
    again = Conversation.objects.get()
    assert (again.pk, again.state, again.assignee, again.closed_at) == (closed.pk, "open", olga, None)
    assert again.waiting_since is not None
    assert [label.name for label in shown.of(again, may_change=False).on] == ["Anagrafe"]
    assert AuditEntry.objects.get(verb="desk.reopened").person is None
    page = browse(olga).get(page_of(closed)).content.decode()
    assert "riaperta" in page or "si è riaperta" in page


def test_after_the_days_another_one_opens(write: Writes, closed: Conversation, anna: Identity) -> None:
    ReturnRule.objects.create(days=3)
    Conversation.objects.update(
        opened_at=timezone.now() - timedelta(days=9), closed_at=timezone.now() - timedelta(days=4)
    )
    write(said(anna, "Altro"))
    assert Conversation.objects.count() == 2


def test_what_a_command_alone_opened_stays_closed(write: Writes, anna: Identity) -> None:
    ReturnRule.objects.create(days=3)
    write(said(anna, "ISCRIVIMI", command="join"))
    write(said(anna, "A che ora apre?"))
    assert Conversation.objects.count() == 2


def test_a_command_opens_nothing_again(write: Writes, closed: Conversation, anna: Identity) -> None:
    ReturnRule.objects.create(days=3)
    write(said(anna, "ISCRIVIMI", command="join"))
    assert Conversation.objects.get().state == "closed"


def test_an_administrator_decides_the_days(
    alice: Person, rita: Person, scope: object, browse: Browse
) -> None:
    page = "/console/impostazioni/chi-riscrive/"
    assert browse(alice).post(page, {"days": "7"}).status_code == 302
    assert ReturnRule.objects.get().days == 7
    assert browse(alice).post(page, {"days": "91"}).status_code == 422
    assert browse(rita).post(page, {"days": "1"}).status_code == 403
    assert "riapre entro 7 giorni" in browse(alice).get("/console/impostazioni/").content.decode()
