# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""«temi», «quartieri», «frequenza» in the chat: asked for, pressed, answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from arengo.audience import frequencies, receiving, topic_lists
from arengo.audience.answers import CHOICES, WELCOME
from arengo.audience.commands import Command, Parser
from arengo.audience.defaults import JOIN_WORDS, LEAVE_WORDS
from arengo.audience.frequencies import Frequency
from arengo.audience.models import ListSettings, Quarter, Subscription, Topic
from arengo.audience.named_words import NamedWords
from arengo.audience.receiving import Names, Receives
from arengo.audience.topics.models import Choosing
from arengo.core import automatic
from arengo.core.models import Organization
from arengo.desk.models import Message
from arengo.platforms.contract import Listing
from arengo.platforms.registry import platform
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, BRUNO, at, known, message

Arrive = Callable[..., None]

PARSER = Parser(
    JOIN_WORDS,
    LEAVE_WORDS,
    named=NamedWords([(1, ["Eventi"]), (2, ["Viabilità", "strade"])], [(7, ["Borgo"]), (8, ["San Martino"])]),
)


@pytest.fixture
def open_town(town: Organization) -> Organization:
    """With its quarter, and the answers to choices switched on."""
    automatic.switch([CHOICES], on=True)
    Quarter.objects.create(organization=town, name="Borgo")
    Quarter.objects.create(organization=town, name="Centro")
    return town


def press(value: str, title: str = "riga", kind: str = "topics", minute: float = 5) -> object:
    return message(ANNA, title, kind="choice", choice_id=f"arengo:{kind}:{value}", sent_at=at(minute))


def received() -> list[str]:
    return sorted(topic.name for topic in Subscription.objects.get(identity=known(ANNA)).topics.all())


def pk_of(name: str) -> int:
    return int(Topic.objects.get(name=name).pk)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("temi", Command("topics")),
        ("TEMI!", Command("topics")),
        ("Buongiorno, cambia i temi per favore", Command("topics")),
        ("i miei temi", Command("topics")),
        ("quartieri", Command("quarters")),
        ("cambiare quartiere", Command("quarters")),
        ("iscrivimi borgo", Command("join", quarters=(7,))),
        ("iscrivimi eventi e san martino", Command("join", (1,), quarters=(8,))),
        ("cancellami eventi", Command("topics", value="-1")),
        ("Cancellami dal tema eventi, grazie", Command("topics", value="-1")),
        ("cancellatemi dalle strade", Command("topics", value="-2")),
        ("cancellami borgo", Command("quarters", value="-7")),
    ],
)
def test_what_is_said_of_a_choice_is_a_command(text: str, command: Command) -> None:
    assert PARSER.text(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "quali sono i temi del consiglio comunale?",
        "il tema del concorso",
        "in che quartiere passa il bus",
        "stop strade",
        "cancellazione eventi",
        "cancellami eventi e viabilità",
        "cancellami eventi perché non mi servono",
        "hanno cancellato gli eventi",
    ],
)
def test_what_may_mean_something_else_is_for_a_person(text: str) -> None:
    assert PARSER.text(text) is None


def test_a_list_without_topics_or_quarters_knows_no_such_command() -> None:
    bare = Parser(JOIN_WORDS, LEAVE_WORDS)
    assert (bare.text("temi"), bare.text("quartieri")) == (None, None)
    assert Parser((), (), [(1, ["Eventi"])]).text("temi") is None


@given(st.text(alphabet="aeiosrtnbcmg .,!?àùè", max_size=40))
def test_nothing_else_that_is_said_after_leaving_names_a_topic(text: str) -> None:
    command = PARSER.text(f"cancellami {text}")
    if command is not None and command.kind in ("topics", "quarters"):
        assert command.value in {"-1", "-2", "-7", "-8"}
        assert {"eventi", "viabilita", "strade", "borgo", "martino"} & set(
            text.lower().replace("à", "a").split(" ")
        ) or any(
            name in text.lower().replace("à", "a")
            for name in ("eventi", "viabilita", "strade", "borgo", "martino")
        )


# --- the chat -----------------------------------------------------------------------------------------------------


def test_who_asks_for_the_topics_gets_a_list_whose_rows_say_what_they_do(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(1)))
    arrive(message(ANNA, "Temi", sent_at=at(2)))
    reply = heard.replies[-1]
    assert (reply.kind, reply.text.splitlines()[0]) == (
        CHOICES,
        "Ricevi: Eventi. Quartiere: tutta la città. Quanto spesso: Tutto, appena esce. Le allerte arrivano a tutti.",
    )
    assert reply.outgoing is not None
    [section] = reply.outgoing.sections
    assert [(row.id, row.title) for row in section.rows][:3] == [
        ("arengo:topics:all", "Tutti i temi"),
        (f"arengo:topics:-{pk_of('Eventi')}", "✓ Eventi"),
        (f"arengo:topics:+{pk_of('Viabilità')}", "Viabilità"),
    ]
    assert heard.written[-1].command == "topics"


def test_a_row_adds_or_takes_away_once_however_often_it_is_pressed(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    add = f"+{pk_of('Viabilità')}"
    arrive(press(add, minute=2), press(add, minute=3))
    assert received() == ["Viabilità"]  # of who had all, only this
    arrive(press(f"+{pk_of('Eventi')}", minute=4))
    assert received() == ["Eventi", "Viabilità"]
    arrive(press(f"-{pk_of('Viabilità')}", minute=5), press(f"-{pk_of('Viabilità')}", minute=6))
    assert received() == ["Eventi"]
    arrive(press("all", minute=7))
    assert received() == []
    assert heard.replies[-1].text.startswith("Ricevi: tutti i temi.")
    assert {one.way for one in Choosing.objects.all()} == {"button"}
    assert Choosing.objects.count() == 4


def test_the_only_topic_is_not_taken_away_and_who_tries_is_told_how_to_leave(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(1)))
    arrive(message(ANNA, "Cancellami eventi", sent_at=at(2)))
    assert received() == ["Eventi"]
    assert Subscription.objects.get().active
    assert "È l’unico che ricevi" in heard.replies[-1].text
    assert "CANCELLAMI" in heard.replies[-1].text


def test_who_leaves_one_topic_in_words_keeps_the_others(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    arrive(message(ANNA, "Cancellami eventi", sent_at=at(2)))
    assert received() == ["Emergenze", "Scadenze e bandi", "Servizi e orari", "Viabilità"]
    assert Subscription.objects.get().active
    assert heard.written[-1].command == "topics"
    assert heard.replies[-1].text.startswith("Ricevi: Viabilità, Scadenze e bandi")


def test_who_leaves_a_topic_that_they_do_not_have_is_read_by_a_person(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(1)))
    before = len(heard.replies)
    arrive(message(ANNA, "Cancellami viabilità", sent_at=at(2)))
    assert (received(), heard.written[-1].command, len(heard.replies)) == (["Eventi"], "", before)
    assert Parser.of_organization().nearly("Cancellami viabilità") == "leave"  # the desk shows the buttons


def test_an_answer_that_is_switched_off_leaves_the_question_to_a_person(
    arrive: Arrive, town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    arrive(message(ANNA, "Temi", sent_at=at(2)))
    assert heard.written[-1].command == ""
    arrive(press(f"+{pk_of('Eventi')}", minute=3))  # a press counts all the same
    assert received() == ["Eventi"]
    assert [reply.kind for reply in heard.replies] == [WELCOME]


def test_who_is_not_on_the_list_is_told_how_to_be(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(BRUNO, "Temi"))
    assert heard.replies[-1].outgoing is None
    assert "Non sei fra gli iscritti" in heard.replies[-1].text
    assert "Eventi, Viabilità" in heard.replies[-1].text


def test_a_quarter_and_a_frequency_are_pressed_likewise(
    arrive: Arrive, open_town: Organization, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequencies, "_registered", {})
    frequencies.register(Frequency("digests", "Solo il riepilogo", "solo con il riepilogo", ("riepilogo",)))
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    borgo = Quarter.objects.get(name="Borgo")
    arrive(press(f"+{borgo.pk}", kind="quarters", minute=2))
    arrive(message(ANNA, "Frequenza", sent_at=at(3)))
    assert heard.replies[-1].outgoing is not None
    assert [row.id for row in heard.replies[-1].outgoing.sections[0].rows] == [
        "arengo:frequency:=",
        "arengo:frequency:=digests",
    ]
    arrive(message(ANNA, "solo il riepilogo", sent_at=at(4)))
    assert receiving.of(Subscription.objects.get()) == Receives(frozenset(), frozenset({borgo.pk}), "digests")
    arrive(press("=gone", kind="frequency", minute=5), press("=", kind="frequency", minute=6))
    assert Subscription.objects.get().frequency == ""


@pytest.mark.parametrize("value", ["+0", "-", "+x", "+99999999999999999999", "p9", "=", "all:1", "🙂"])
def test_a_made_up_row_changes_nothing(arrive: Arrive, open_town: Organization, value: str) -> None:
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(1)))
    arrive(press(value, minute=2))
    assert received() == ["Eventi"]


def test_the_welcome_offers_the_topics_where_something_can_be_pressed(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    [welcome] = heard.replies
    assert welcome.kind == WELCOME
    assert welcome.outgoing is not None
    assert welcome.outgoing.body == welcome.text
    assert welcome.outgoing.sections[0].rows[0].title == "Eventi"
    [shown] = Message.objects.filter(direction="out")
    assert (shown.text, shown.asked.options[0][0]) == (
        welcome.text,
        "Eventi",
    )  # and the desk reads what was offered
    assert platform("whatsapp").problems(welcome.outgoing) == []


def test_a_welcome_too_long_for_a_list_says_how_to_ask_for_it(
    arrive: Arrive, open_town: Organization, heard: Heard
) -> None:
    ListSettings.objects.update(welcome_text="Benvenuta. " * 120)
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    [welcome] = heard.replies
    assert welcome.outgoing is None
    assert welcome.text.endswith("Per scegliere i temi scrivi TEMI.")


def test_a_platform_that_carries_nothing_to_press_gets_texts(
    arrive: Arrive, open_town: Organization, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_lists, "pressing_on", lambda name: None)
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    arrive(message(ANNA, "Temi", sent_at=at(2)))
    assert [reply.outgoing for reply in heard.replies] == [None, None]
    assert "Temi: Eventi, Viabilità" in heard.replies[1].text


def test_a_topic_out_of_season_is_not_offered_and_kept_by_who_has_it(
    arrive: Arrive, open_town: Organization, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Topic, "is_in_season", lambda topic, day: topic.name != "Eventi")
    arrive(message(ANNA, "Iscrivimi", sent_at=at(1)))
    arrive(message(ANNA, "Temi", sent_at=at(2)))
    assert "Eventi" not in str(heard.replies[-1].outgoing)
    arrive(message(ANNA, "Cancellami viabilità", sent_at=at(3)))
    assert "✓ Eventi" in str(heard.replies[-1].outgoing)


def test_more_topics_than_rows_are_pages_and_each_message_is_one_that_the_platform_takes(
    open_town: Organization,
) -> None:
    for number in range(15):
        Topic.objects.create(
            organization=open_town, name=f"Un tema dal nome piuttosto lungo {number}", position=10 + number
        )
    speaks = platform("whatsapp")
    pressing = topic_lists.pressing_on("whatsapp")
    assert pressing is not None
    names, shown = Names.read(), []
    for page in (1, 2, 3):
        made = topic_lists.listing("Ricevi tutto.", "topics", names, Receives(), pressing, page)
        assert isinstance(made, Listing)
        assert speaks.problems(made) == []
        rows = made.sections[0].rows
        assert len(rows) <= 10
        assert rows[-1].id == f"arengo:topics:p{page % 3 + 1}"
        shown += [row.id for row in rows[:-1]]
    assert sorted(shown) == sorted(f"arengo:topics:+{topic.pk}" for topic in Topic.objects.all())


def test_a_platform_without_lists_gets_the_same_as_a_text(open_town: Organization) -> None:
    text = topic_lists.as_text(
        "topics", Names.read(), Receives(), {"join": "ISCRIVIMI", "leave": "CANCELLAMI"}
    )
    assert text.startswith("Temi: Eventi, Viabilità")
    assert "CANCELLAMI e il tema" in text
    assert "Borgo, Centro" in topic_lists.as_text(
        "quarters", Names.read(), Receives(), {"join": "ISCRIVIMI", "leave": "CANCELLAMI"}
    )
