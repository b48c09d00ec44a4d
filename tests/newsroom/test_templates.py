# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The message templates: as the platform takes them, and the right one for each update."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from arengo.audience.commands import LEAVE, Parser
from arengo.audience.defaults import create_defaults
from arengo.audience.models import ListSettings
from arengo.core.models import Organization, Person
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates.administration import create_missing
from arengo.delivery.templates.components import components_of, definition, part_of
from arengo.delivery.templates.fitting import Unfit
from arengo.delivery.templates.presets import Preset
from arengo.newsroom.checking import TEXT, TITLE
from arengo.newsroom.drafts import Draft, Flash, filled_up
from arengo.newsroom.estimating import readiness
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.outlets.whatsapp_list.phone import preview
from arengo.newsroom.outlets.whatsapp_list.plan import ListPlan
from arengo.newsroom.templates import (
    BUILT_IN,
    built_in,
    fitting,
    line,
    message_of,
)
from arengo.platforms.contract import Address, MessageReceived
from tests.factories.newsroom import MARKET, approve_templates, draft
from tests.factories.platforms import credentials
from tests.support.sandbox_server import sandbox_process


@pytest.fixture
def connected(scope: Organization, sender: Sender) -> Iterator[Sender]:
    """The sender, talking to a real sandbox that has none of our templates."""
    with sandbox_process() as sandbox:
        sender.credentials = credentials(sandbox.url)
        sender.save()
        yield sender


def test_the_platform_takes_every_one_of_them(connected: Sender, alice: Person) -> None:
    done = create_missing(connected, by=alice)
    assert done.refused == []
    assert {one.name for one in BUILT_IN} <= set(done.created)
    assert {template.name for template in MessageTemplate.objects.filter(sender=connected)} >= set(
        done.created
    )


@pytest.mark.parametrize("one", BUILT_IN, ids=lambda one: one.name)
def test_their_words_are_within_the_limits(scope: Organization, one: Preset) -> None:
    parts = {part["type"]: part for part in components_of(one, scope)}
    assert len(parts["FOOTER"]["text"]) <= 60
    assert all(len(button["text"]) <= 25 for button in parts["BUTTONS"]["buttons"])
    assert len(parts["BODY"]["text"]) <= 400
    assert not parts["BODY"]["text"].startswith("{{")
    assert not parts["BODY"]["text"].endswith("}}")


def test_pressing_the_button_leaves_the_list(town: Organization, sender: Sender) -> None:
    template = fitting(draft(), sender)
    assert isinstance(template, MessageTemplate)
    [button] = message_of(draft(), template).buttons
    pressed = MessageReceived(
        message_id="x",
        sent_at=datetime(2026, 11, 20, tzinfo=UTC),
        address=Address(phone="+390000000001"),
        kind="choice",
        text="Cancellami",
        choice_id=button.value,
    )
    command = Parser.of_organization().message(pressed)
    assert command is not None
    assert command.kind == LEAVE


def test_another_button_added_at_the_platform_does_not_leave_the_list(
    town: Organization, sender: Sender
) -> None:
    template = MessageTemplate.objects.get(name="arengo_notizie_2")
    part_of(template.components, "BUTTONS")["buttons"].insert(
        0, {"type": "QUICK_REPLY", "text": "Che cos'è?"}
    )
    template.save()
    assert [button.value for button in message_of(draft(), template).buttons] == [
        "Che cos'è?",
        "arengo:leave",
    ]


def test_the_footer_and_the_button_speak_the_organizations_own_word(town: Organization) -> None:
    ListSettings.objects.update(leave_words=["togliermi"])
    components = components_of(built_in(1, photo=False), town)
    assert part_of(components, "FOOTER")["text"].endswith("TOGLIERMI")
    assert part_of(components, "BUTTONS")["buttons"][0]["text"] == "Togliermi"


def test_a_name_with_braces_makes_no_variable(scope: Organization) -> None:
    scope.name = "Comune {{1}} di *Esempio*"
    text = definition(built_in(1, photo=False), scope)["components"][0]["text"]
    assert text.startswith("Comune 1 di Esempio ti informa")


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("photo", [False, True])
def test_each_update_finds_the_template_of_its_size(
    town: Organization, sender: Sender, count: int, photo: bool
) -> None:
    wanted = draft(slots=filled_up([MARKET] * count), has_image=photo)
    found = fitting(wanted, sender)
    assert isinstance(found, MessageTemplate)
    assert found.name == f"arengo_notizie_{count}{'_foto' if photo else ''}"


@pytest.mark.parametrize(
    ("status", "said", "waiting"),
    [
        ("PENDING", "aspetta l'approvazione", True),
        ("REJECTED", "rifiutato", False),
        ("PAUSED", "in pausa", True),
        ("DISABLED", "non permette", False),
    ],
)
def test_a_template_that_may_not_be_used_says_why(
    scope: Organization, sender: Sender, status: str, said: str, waiting: bool
) -> None:
    approve_templates(scope, sender, status)
    found = fitting(draft(), sender)
    assert isinstance(found, Unfit)
    assert said in found.words
    assert found.waiting is waiting


def test_a_template_with_other_fields_is_not_filled_wrongly(town: Organization, sender: Sender) -> None:
    template = MessageTemplate.objects.get(name="arengo_notizie_2")
    part_of(template.components, "BODY")["text"] = "Novità: {{titolo}} e basta così per questa volta."
    template.save()
    assert isinstance(fitting(draft(), sender), Unfit)


def test_one_without_a_way_out_is_not_sent(town: Organization, sender: Sender) -> None:
    """Its button no longer says a word with which one leaves the list."""
    template = MessageTemplate.objects.get(name="arengo_notizie_2")
    part_of(template.components, "BUTTONS")["buttons"][0]["text"] = "Scopri di più"
    template.save()
    assert isinstance(fitting(draft(), sender), Unfit)
    ListSettings.objects.update(leave_words=["Scopri di più"])
    assert isinstance(fitting(draft(), sender), MessageTemplate)


def test_how_they_stand_is_said_in_one_line(town: Organization, sender: Sender, alice: Person) -> None:
    stands = line()
    assert stands is not None
    assert (stands.ready, stands.all, stands.administrators) == (8, 8, [])
    MessageTemplate.objects.filter(name="arengo_notizie_3").update(status="PAUSED")
    stands = line()
    assert stands is not None
    assert (stands.ready, stands.all, stands.administrators) == (7, 8, ["Alice Esempio"])


def test_the_preview_is_the_platforms_own_text(town: Organization, sender: Sender) -> None:
    template = MessageTemplate.objects.get(name="arengo_notizie_2")
    part_of(template.components, "BODY")["text"] = (
        "Cambiato da altri: {{titolo}}, {{notizia_1}}, {{notizia_2}} fine"
    )
    template.save()
    assert preview(kinds.usual(), draft(), town, sender).body.startswith(
        "Cambiato da altri: Gli appuntamenti"
    )


def test_an_empty_draft_has_a_preview_too(scope: Organization) -> None:
    create_defaults(scope)
    shown = preview(kinds.usual(), Draft(), scope, None)
    assert "*…*" in shown.body
    assert shown.buttons[0].label == "Cancellami"


def test_fields_within_their_limits_may_be_too_long_together(town: Organization, sender: Sender) -> None:
    ready = readiness(draft(title="t" * TITLE, slots=filled_up([Flash("a" * TEXT), Flash("b" * TEXT)])), town)
    [problem] = ready.problems
    assert problem.field == "body"
    [plan] = [each for each in ready.plans if isinstance(each, ListPlan)]
    assert plan.preview.used > plan.preview.limit.most


def test_what_fits_in_the_preview_fits_at_the_platform(town: Organization, sender: Sender) -> None:
    room = 1024 - preview(kinds.usual(), draft(slots=filled_up([Flash("x")])), town, sender).used + 1
    just = draft(slots=filled_up([Flash("a" * room)]))
    assert preview(kinds.usual(), just, town, sender).used == 1024
    assert [problem.field for problem in readiness(just, town).problems] == (
        ["text_1"] if room > TEXT else []
    )
