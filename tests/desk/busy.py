# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk at work, in a browser: a fixture, and how it is opened."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from arengo.audience.models import Identity
from arengo.core.models import Person
from arengo.delivery.models import Delivery, DeliveryState
from arengo.desk import handling, replying
from arengo.desk.models import Attachment, Conversation
from tests.desk.road import Writes
from tests.factories.audience import citizen
from tests.factories.delivery import accepted_as, decide
from tests.factories.desk import photo_said, said, upload
from tests.factories.pictures import picture
from tests.support.browser_kit import WIDE, Size, Visiting


def arrived(attachment: Attachment) -> None:
    attachment.size = 1
    attachment.file.save("", ContentFile(picture((900, 600))), save=False)
    attachment.make_thumbnail()
    attachment.state = Attachment.State.READY
    attachment.save()


@pytest.fixture
def busy(write: Writes, anna: Identity, olga: Person, bea: Person) -> Conversation:
    """A desk on an ordinary morning; Anna's conversation holds one of everything."""
    clara = citizen("", user_id="IT.CLARA")
    bruno = citizen("", phone="+393330000052")
    write(said(clara, "Buongiorno, si può pagare la TARI in ritardo?"))
    write(said(bruno, "", kind="unsupported"))
    handling.take(Conversation.objects.get(identity=bruno), by=bea)
    question = said(anna, "Buongiorno, a che ora apre l'anagrafe?")
    write(question)
    conversation = Conversation.objects.get(identity=anna)
    first = replying.reply(conversation, by=olga, text="Buongiorno! Apre alle *9:00*.", key="1")
    answered = Delivery.objects.filter(desk_message__in=first)
    answered.update(state=DeliveryState.READ)
    accepted_as(answered, "wamid.ours")
    write(
        said(anna, "🙏", kind="reaction", reaction_to="wamid.ours"),
        photo_said(anna, "Questa è la buca davanti a casa"),
        said(anna, "Palazzo", kind="location", latitude=43.77, longitude=11.25),
        said(anna, "E a che ora chiude?", reply_to="wamid.ours"),
    )
    arrived(Attachment.objects.get())
    failed = replying.reply(conversation, by=olga, text="Alle 13:00.", key="2")
    decide(
        Delivery.objects.filter(desk_message__in=failed),
        DeliveryState.FAILED,
        131026,
        "Message undeliverable",
    )
    replying.reply(
        conversation, by=olga, text="Ecco gli orari", files=[upload("orari.pdf", b"%PDF-1.7")], key="3"
    )
    write(said(anna, "Grazie, e il sabato?"))
    return conversation


def open_desk(
    visit: Visiting, live_server: LiveServer, person: Person, path: str = "", size: Size = WIDE
) -> Page:
    return visit(f"{live_server.url}/console/sportello/{path}", size, sign_in=person)
