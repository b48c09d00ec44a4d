# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Arengo answers by itself: of a closed list, switched on, and not without end."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

import arengo
from arengo.audience import arrivals
from arengo.audience.defaults import create_defaults
from arengo.audience.models import Subscription
from arengo.core import automatic, governor
from arengo.core.console import conditions
from arengo.core.console.troubles import troubles
from arengo.core.events import Batch
from arengo.core.governor import Verdict, Wanted
from arengo.core.models import AutomaticCount, Organization, Person
from arengo.core.scope import organization_scope
from arengo.delivery.models import Delivery, Outbox, OutboxState, Sender
from arengo.desk.models import Message
from arengo.platforms.contract import Address, MessageReceived
from tests.factories.core import STRANGER_HOST

SOURCE = Path(arengo.__file__).parent
ANNA = Address(phone="+393330000041")
Says = Callable[..., None]


@pytest.fixture
def town(scope: Organization, sender: Sender) -> Organization:
    create_defaults(scope)
    return scope


@pytest.fixture
def says(town: Organization, sender: Sender) -> Says:
    """``says(address, "ISCRIVIMI", "CANCELLAMI", …, at_once=True)``."""
    began = timezone.now() - timedelta(hours=1)
    spoken: Counter[str] = Counter()

    def say(*who_and_what: object, at_once: bool = False) -> None:
        address, *words = who_and_what
        assert isinstance(address, Address)
        messages = []
        for text in words:
            spoken["n"] += 1
            messages.append(
                MessageReceived(
                    message_id=f"wamid.{spoken['n']}",
                    sent_at=began + timedelta(seconds=spoken["n"]),
                    address=address,
                    kind="text",
                    text=str(text),
                )
            )
        for batch in [messages] if at_once else [[each] for each in messages]:
            arrivals.receive(Batch(town.pk, sender.pk, batch, "whatsapp"))

    return say


def sent_by_kind() -> Counter[str]:
    return Counter(Message.objects.filter(delivery__isnull=False).values_list("automatic", flat=True))


@pytest.mark.parametrize("at_once", [False, True])
def test_who_joins_and_leaves_all_the_time_is_answered_a_few_times_and_obeyed_every_time(
    says: Says, at_once: bool
) -> None:
    says(ANNA, *["ISCRIVIMI", "CANCELLAMI"] * 30, at_once=at_once)
    assert sent_by_kind() == {"audience.welcome": 1, "audience.goodbye": 1}
    assert Delivery.objects.count() == 2
    assert not Subscription.objects.get().active
    withheld = Message.objects.filter(answer_withheld="person")
    assert withheld.count() == 58
    says(ANNA, "ISCRIVIMI")
    assert Subscription.objects.get().active


def test_the_conversation_says_that_an_answer_was_not_sent(
    says: Says, olga: Person, browse: Callable[..., Client]
) -> None:
    says(ANNA, "ISCRIVIMI", "CANCELLAMI", "ISCRIVIMI")
    held = Message.objects.filter(answer_withheld="person").get()
    page = browse(olga).get(f"/console/sportello/{held.conversation_id}/")
    assert "Risposta automatica non inviata: troppe in poco tempo" in page.content.decode()


def test_a_kind_that_is_off_is_not_sent_and_leaves_no_trace(says: Says) -> None:
    automatic.switch(["audience.goodbye"], on=False)
    says(ANNA, "ISCRIVIMI", "CANCELLAMI")
    assert sent_by_kind() == {"audience.welcome": 1}
    assert not Message.objects.exclude(answer_withheld="").exists()
    assert not Subscription.objects.get().active


def test_first_welcomes_beyond_the_towns_pace_wait_and_all_else_is_left_out(
    says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(governor, "_AHEAD", governor._STEP * 2)  # three at once
    moment = timezone.now()  # all in one: however slow the machine is
    monkeypatch.setattr(governor, "timezone", SimpleNamespace(now=lambda: moment))
    for number in range(8):
        says(Address(phone=f"+39333111{number:04}"), "ISCRIVIMI")
    says(Address(phone="+393331110000"), "ISCRIVIMI")  # she is on the list already
    assert sent_by_kind() == {"audience.welcome": 8}
    waiting = Outbox.objects.filter(state=OutboxState.LATER).order_by("not_before")
    assert waiting.count() == 5
    times = [row.not_before for row in waiting]
    assert all(later - earlier == governor._STEP for earlier, later in pairwise(times))
    assert Message.objects.get(answer_withheld="organization").text == "ISCRIVIMI"
    assert governor.lately()[0].waiting == 5
    counted = AutomaticCount.objects.get(kind="audience.welcome")
    assert (counted.sent, counted.queued) == (8, 5)


def test_a_first_welcome_is_never_left_out_for_its_person_either(town: Organization) -> None:
    wanted = Wanted("audience.welcome", "contact:1")
    assert [d.verdict for d in governor.admit(town.pk, [wanted, wanted])] == [
        Verdict.SEND,
        Verdict.TOO_MANY_TO_ONE,
    ]
    assert governor.admit(town.pk, [wanted._replace(owed=True)])[0].verdict is Verdict.SEND


def test_a_rejoining_is_no_first_join(says: Says) -> None:
    says(ANNA, "ISCRIVIMI", "CANCELLAMI", "ISCRIVIMI", "CANCELLAMI", "ISCRIVIMI")
    assert sent_by_kind()["audience.welcome"] == 1


def test_a_kind_that_no_room_registered_cannot_be_sent(town: Organization) -> None:
    with pytest.raises(LookupError):
        governor.admit(town.pk, [Wanted("audience.surprise", "contact:1")])
    with pytest.raises(LookupError):
        automatic.switch(["audience.surprise"], on=True)


class _UndoneError(Exception):
    pass


def _send_and_undo(town: Organization) -> None:
    with transaction.atomic():
        governor.admit(town.pk, [Wanted("audience.welcome", "contact:1")])
        raise _UndoneError


def test_what_is_undone_is_not_counted(town: Organization) -> None:
    with pytest.raises(_UndoneError):
        _send_and_undo(town)
    assert governor.admit(town.pk, [Wanted("audience.welcome", "contact:1")])[0].verdict is Verdict.SEND
    assert AutomaticCount.objects.get().sent == 1


def test_an_alarm_says_how_many_were_left_out(says: Says) -> None:
    says(ANNA, *["ISCRIVIMI", "CANCELLAMI"] * 20, at_once=True)
    [found] = [each for each in troubles(conditions.read()) if each.kind == "automatic_withheld"]
    assert found.person
    assert found.title.startswith("38 risposte automatiche non inviate")


def test_old_counts_are_forgotten(town: Organization) -> None:
    for days in (1, 36):
        AutomaticCount.objects.create(kind="audience.welcome", hour=timezone.now() - timedelta(days=days))
    governor.forget_old()
    assert AutomaticCount.objects.count() == 1


def test_only_the_governor_and_peoples_own_words_reach_the_outbox() -> None:
    """Whatever sends by itself must go through ``delivery.answering``, which asks the governor."""
    asked: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for path in SOURCE.rglob("*.py"):
        name = str(path.relative_to(SOURCE))
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                asked[name] += called == "enqueue"
                written[name] += any(word.arg == "automatic" for word in node.keywords)
            if isinstance(node, ast.Dict):
                written[name] += any(
                    isinstance(k, ast.Constant) and k.value == "automatic" for k in node.keys
                )
    assert {name for name, times in asked.items() if times} == {
        "desk/replying.py",
        "desk/jobs.py",
        "desk/reopening.py",  # a person presses it, here and in the next two
        "desk/asking/verbs.py",
        "desk/blocks/verbs.py",
    }
    # The sample's phones say it of people of the sandbox.
    ours = {name for name, times in written.items() if times} - {"cli/sample_phones.py"}
    assert ours <= {"desk/answering.py", "desk/models/messages.py"}
    assert "desk/answering.py" in ours


def test_the_database_refuses_an_automatic_message_with_an_author(says: Says, olga: Person) -> None:
    says(ANNA, "ISCRIVIMI")
    with pytest.raises(IntegrityError):
        Message.objects.exclude(automatic="").update(author=olga)


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_page_shows_each_kind_with_its_switch_and_ceilings(
    says: Says, alice: Person, browse: Callable[..., Client]
) -> None:
    says(ANNA, "ISCRIVIMI", "CANCELLAMI", "ISCRIVIMI")
    page = browse(alice).get("/console/impostazioni/risposte-automatiche/").content.decode()
    for kind in automatic.kinds():
        assert f'value="{kind.name}"' in page
    assert "1 in 10 minuti, 2 in 24 ore" in page
    assert "600 subito, poi 120 al minuto" in page


def test_switches_are_set_and_logged(
    town: Organization, alice: Person, browse: Callable[..., Client]
) -> None:
    from arengo.core.models import AuditEntry

    before = automatic.switched_on()
    browse(alice).post("/console/impostazioni/risposte-automatiche/", {"on": ["audience.welcome", "x"]})
    assert automatic.switched_on() == {"audience.welcome"}
    [entry] = AuditEntry.objects.filter(verb="core.switched_automatic")
    assert entry.detail == {"changed": sorted(before - {"audience.welcome"})}
    assert len(entry.detail["changed"]) >= 3


def test_an_operator_may_not_and_carlo_sees_only_his_own(
    town: Organization, olga: Person, carlo: Person, altrove: Organization, browse: Callable[..., Client]
) -> None:
    address = "/console/impostazioni/risposte-automatiche/"
    assert browse(olga).get(address).status_code in {403, 404}
    assert browse(carlo).get(address).status_code == 404
    before = automatic.switched_on()
    browse(carlo, host=STRANGER_HOST).post(address, {"on": ["audience.welcome"]})
    assert automatic.switched_on() == before
    assert len(before) > 1
    with organization_scope(altrove):
        assert automatic.switched_on() == {"audience.welcome"}
