# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A message that is drawn with a stencil reads as it does when it is drawn by itself, whatever it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.core.stencils import NUMBER
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk import replying, stencils
from arengo.desk.models import Conversation, Message
from tests.desk.road import Writes, page_of
from tests.factories.desk import photo_said, said

pytestmark = pytest.mark.django_db

Browse = Callable[..., Client]

SAID = (
    "Buongiorno",
    "Due *parole* in _chat_, https://esempio.test/a?b=1&c=2",
    "<b>non</b> & 'niente' \"d'altro\"",
    "più\nrighe\n\n- una\n- due",
    "مرحبا، متى تفتحون؟",
    NUMBER,
    f"holetext0 holesent0 holeat0 holeclock0 holelate0 {NUMBER}",
    r"\1 \g<0> {} {{ message }} %s",
    "x",
)


@pytest.fixture
def talk(write: Writes, anna: Identity, olga: Person, bea: Person) -> Conversation:
    """Plain words and much else, from a citizen and two colleagues."""
    write(*(said(anna, text) for text in SAID), photo_said(anna, "con foto"))
    conversation: Conversation = Conversation.objects.get()
    for number, text in enumerate(SAID):
        replying.reply(conversation, by=olga, text=text, key=f"{number}:{number}")
        conversation.refresh_from_db()
    deliveries = list(Delivery.objects.values_list("pk", flat=True))
    for pk, state in zip(
        deliveries, (DeliveryState.READ, DeliveryState.FAILED, DeliveryState.DELIVERED), strict=False
    ):
        Delivery.objects.filter(pk=pk).update(state=state)
    Message.objects.filter(text="x", direction="out").update(author=bea)
    late = Message.objects.filter(text="Buongiorno", direction="in")
    late.update(sent_at=timezone.now() - timedelta(hours=30))
    Message.objects.filter(text="x", direction="in").update(citizen_reaction="👍")
    return conversation


@pytest.mark.parametrize("who", ["olga", "rita"])
def test_with_and_without_a_stencil_it_reads_the_same(
    talk: Conversation,
    browse: Browse,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
    request: pytest.FixtureRequest,
) -> None:
    client = browse(request.getfixturevalue(who))
    drawn = thread(client, talk)
    monkeypatch.setattr("arengo.desk.templatetags.desk.stencil", lambda _bubble: None)
    alone = thread(client, talk)
    assert drawn == alone
    assert all(escape(text, quote=False)[:6] in drawn for text in ("Buongiorno", "مرحبا", "più"))
    assert "arrivato il" in drawn


def test_most_messages_are_drawn_with_few_stencils(
    talk: Conversation, browse: Browse, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def noted(bubble: object) -> object:
        found.append(stencils.stencil(bubble))  # type: ignore[arg-type]  # a bubble
        return found[-1]

    monkeypatch.setattr("arengo.desk.templatetags.desk.stencil", noted)
    thread(browse(olga), talk)
    shapes = {each.shape for each in found if each is not None}
    assert sum(1 for each in found if each is not None) >= len(SAID) * 2 - 4
    assert len(shapes) <= 7


def thread(client: Client, talk: Conversation) -> str:
    """As it stands on the page; but for what each page makes anew."""
    page = client.get(page_of(talk)).content.decode()
    lines = page.split('id="messages">', 1)[1].split("</ol>", 1)[0]
    return " ".join(part for part in lines.split() if "csrf" not in part and not part.startswith('value="'))
