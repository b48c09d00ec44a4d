# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A kind of update that nobody in ``src/`` knows goes the whole way: written, checked, previewed, counted, sent, told."""

from __future__ import annotations

import msgspec
import pytest
from django.utils import timezone

from arengo.audience.models import Identity
from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.delivery.models import Fanout, MessageTemplate, Sender, Urgency
from arengo.newsroom import publishing
from arengo.newsroom.estimating import readiness
from arengo.newsroom.kinds.base import registry
from arengo.newsroom.models import Update
from arengo.platforms.contract import Outgoing, Template
from tests.factories.delivery import make_template
from tests.factories.newsroom import draft, publish
from tests.newsroom.pages import ROOT, Browse, Write, words
from tests.seams.closure.kind import BODY, TEMPLATE, Closure

STREET = "via Roma, fino alle 18"


@pytest.fixture
def template(closure: Closure, town: Organization, sender: Sender) -> MessageTemplate:
    components = [{"type": "BODY", "text": BODY}]
    return make_template(
        sender,
        TEMPLATE,
        template_id="99",
        category="UTILITY",
        parameter_format="named",
        components=components,
    )


def typed(**changes: object) -> dict[str, object]:
    return {"title": STREET, "kind": "closure", "outlets": ["list", "channel"], "action": "save", **changes}


def test_it_is_written_in_its_own_fields_and_stored_as_what_it_is(
    template: MessageTemplate, edo: Person, browse: Browse
) -> None:
    client = browse(edo)
    page = client.get(f"{ROOT}nuovo/?tipo=closure")
    assert "Quale strada si chiude" in words(page)
    assert "Notizia 1" not in words(page)
    assert "Notizia 1" in words(client.get(f"{ROOT}nuovo/")), "news is what nobody chose"
    assert "Notizia 1" in words(client.get(f"{ROOT}nuovo/?tipo=nessuno"))
    client.post(f"{ROOT}nuovo/", typed())
    update = Update.objects.get()
    assert update.kind == "closure"
    client.post(f"{ROOT}{update.pk}/modifica/", typed(version="1", kind="news", title="via Verdi"))
    update.refresh_from_db()
    assert (update.kind, update.title) == ("closure", "via Verdi"), "what is stored stays what it is"


def test_it_says_itself_what_is_missing(template: MessageTemplate, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    page = words(client.post(f"{ROOT}anteprima/", typed(title="")))
    assert "Quale strada?" in page
    assert "Manca la notizia" not in page
    shown = words(client.post(f"{ROOT}anteprima/", typed()))
    assert f"Strada chiusa : {STREET}" in shown
    assert "Prima di inviare" not in shown


def test_its_urgency_decides_who_is_reached_and_its_template_what_it_costs(
    template: MessageTemplate, town: Organization
) -> None:
    Identity.objects.update(marketing_stopped_at=timezone.now())
    found = readiness(draft(kind="closure", title=STREET), town)
    assert found.may_go
    assert found.estimate is not None
    assert (found.estimate.recipients, found.estimate.spared) == (3, 0)
    assert found.estimate.cost is None, "utility messages have no price here"


def test_it_leaves_in_its_own_template_and_says_what_came_back(
    template: MessageTemplate, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = publish(town, write(kind="closure", title=STREET), edo)
    publishing.carry_out(town.pk, update.pk)
    fanout = Fanout.objects.get()
    message = msgspec.json.decode(fanout.outgoing, type=Outgoing)
    assert isinstance(message, Template)
    assert (message.name, [value.text for value in message.body]) == (TEMPLATE, [STREET])
    assert (fanout.urgency, fanout.price_category, fanout.total) == (Urgency.ALERT, "utility", 3)
    assert Post.objects.get().title == STREET
    page = words(browse(edo).get(f"{ROOT}{update.pk}/"))
    assert "due persone chiedono fino a quando" in page


def test_a_kind_that_is_gone_is_told_of_and_holds_the_draft_back(
    template: MessageTemplate, town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    unsent, sent = write(kind="closure", title=STREET), publish(town, write(kind="closure"), edo)
    publishing.carry_out(town.pk, sent.pk)
    waiting = publish(town, write(kind="closure", title=STREET), edo)
    registry._kinds.pop("closure")
    client = browse(edo)
    assert "non ha più questo tipo di aggiornamento: «closure»" in words(
        client.get(f"{ROOT}{unsent.pk}/modifica/")
    )
    with pytest.raises(publishing.NotReady):
        publish(town, unsent, edo)
    assert client.get(f"{ROOT}{sent.pk}/").status_code == 200
    publishing.carry_out(town.pk, waiting.pk)
    assert "non ha più questo tipo di aggiornamento" in words(client.get(f"{ROOT}{waiting.pk}/", follow=True))
    assert client.get(ROOT).status_code == 200
