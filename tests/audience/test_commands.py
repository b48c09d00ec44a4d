# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import random
import string

import pytest
from hypothesis import assume, given, strategies as st

from arengo.audience.commands import Command, Parser
from arengo.audience.defaults import JOIN_WORDS, LEAVE_WORDS
from arengo.audience.words.folding import words_of
from arengo.audience.words.forms import key
from arengo.audience.words.vocabulary import vocabulary
from tests.factories.audience import message

PARSER = Parser(
    JOIN_WORDS, LEAVE_WORDS, [(1, ["Eventi"]), (2, ["Viabilità", "strade"]), (3, ["Protezione civile"])]
)


KNOWN = vocabulary()


def kind(text: str) -> str:
    command = PARSER.text(text)
    return command.kind if command else ""


@pytest.mark.parametrize(
    "text",
    [
        "ISCRIVIMI",
        "iscrivimi",
        "Iscrivimi!",
        "  iscrivimi\n",
        "«ISCRIVIMI»",
        '"iscrivimi"',
        "*ISCRIVIMI*",
        "ISCRIVIMI 👍🏽",
        "🙂 iscrivimi 🙂",
        "Iscrivimì",
        "ＩＳＣＲＩＶＩＭＩ",
        "iscri\u200bvimi",
        "Buongiorno, iscrivimi per favore",
        "Buonasera!\nISCRIVIMI\nGrazie mille e buona giornata",
        "iscrivimi grazie",
        "Mi iscrivo",
        "Attiva iscrizione",
        "iscrivimi alla lista",
    ],
)
def test_a_citizen_who_only_asks_to_join_joins(text: str) -> None:
    assert kind(text) == "join"


@pytest.mark.parametrize(
    "text",
    [
        "CANCELLAMI",
        "cancellami.",
        "Stop",
        "STOP!!!",
        "mi cancello, grazie",
        "disattiva",
        "Disattiva iscrizione",
        "Grazie, cancellami",
        "Cancellazione. Cordiali saluti",
        "cancellatemi",
        "disiscrivetemi",
        "no grazie, stop",
        "Basta",
        "Unsubscribe",
        "Annulla iscrizione",
        "non voglio più ricevere",
        "ISCRIVIMI CANCELLAMI",  # leaving wins
        "mi voglio cancellare",
        "togliettemi dalla lista",
        "non mandatemi piu niente",
    ],
)
def test_a_citizen_who_only_asks_to_leave_leaves(text: str) -> None:
    assert kind(text) == "leave"


@pytest.mark.parametrize(
    "text",
    [
        "Come faccio a cancellarmi?",
        "come faccio a iscrivermi",
        "non riesco a iscrivermi",
        "Non cancellami",
        "ho scritto ISCRIVIMI ma non succede niente",
        "iscrivimi all'asilo nido",
        "cancellami l'appuntamento di domani",
        "non iscrivimi",
        "il cancello è rotto",
        "le iscrizioni alla scuola",
        "non mi arrivano più i messaggi",
        "non ricevo più gli avvisi",
        "mi cancellate la prenotazione?",
        "come ci si cancella dalla lista?",
        "mandatemi un messaggio quando è pronto",
        # An appointment, a thing at the counter, the end of a talk: nobody is taken off the list for these.
        "posso ritirare?",
        "passo a ritirare oggi",
        "vorrei disdire",
        "domani non posso, annullate",
        "non vengo più, annullate",
        "annullate tutto",
        "cancellatemi per giovedì",
        "mi cancelli di lunedì",
        "cancellatelo",
        "potete toglierlo?",
        "annulla iscrizione judo",
        "ok basta così",
        "per oggi basta",
        "lasciate stare",
        "non mi interessa",
        "non voglio disturbare",
        "nessuna comunicazione",
        "ancora nessuna notizia",
        "posso entrare?",
        "mettetemi in contatto",
        "avvisatemi quando riapre",
        "vorrei avere notizie",
        "chiedo informazioni sul servizio",
        "il servizio è attivo",
        "iscrizioni",
        "buongiorno",
        "grazie",
        "",
        "👍",
        "…",
        "e",
        "iscrivimi " * 40,
    ],
)
def test_everything_else_is_for_a_person(text: str) -> None:
    assert kind(text) == ""


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("cancellami eventi", "leave"),  # of one topic, or of all? a person asks
        ("buondì toglietemi dalla lista per favore ho già la mail", "leave"),
        ("posso iscrivermi anche se abito fuori?", "join"),
        ("CANCELLAMI", ""),
        ("Buongiorno, a che ora aprite?", ""),
        ("il cancello è rotto", ""),
    ],
)
def test_what_comes_near_to_a_command_is_marked_for_people(text: str, near: str) -> None:
    assert PARSER.nearly(text) == near


def test_a_list_without_words_marks_nothing() -> None:
    assert Parser((), ()).text("cancellatemi") is None
    assert Parser(JOIN_WORDS, ()).text("non mandatemi più niente") is None
    assert Parser((), ()).nearly("mi cancellate?") == ""


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("vorrei ricevere gli avvisi su strade ed eventi", (2, 1)),
        ("iscrivetemi alla protezione civile per favore", (3,)),
        ("mi iscrivo", ()),
    ],
)
def test_a_join_in_own_words_names_topics_too(text: str, topics: tuple[int, ...]) -> None:
    assert PARSER.text(text) == Command("join", topics)


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert PARSER.nearly(text) in ("", "join", "leave")


def test_leave_wins_where_a_word_is_in_both_lists() -> None:
    assert Parser(["lista"], ["LISTA"]).text("lista") == Command("leave")


def test_a_word_that_looks_like_a_courtesy_is_still_a_command() -> None:
    assert Parser(["ciao"], ["grazie mille"]).text("Ciao") == Command("join")
    assert Parser(["ciao"], ["grazie mille"]).text("Grazie mille!") == Command("leave")


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Iscrivimi eventi", (1,)),
        ("iscrivimi a eventi e viabilita'", (1, 2)),
        ("Iscrivimi alle strade", (2,)),
        ("ISCRIVIMI PROTEZIONE CIVILE, EVENTI. Grazie", (3, 1)),
        ("iscrivimi eventi eventi", (1,)),
    ],
)
def test_topics_may_be_named_with_a_join(text: str, topics: tuple[int, ...]) -> None:
    assert PARSER.text(text) == Command("join", topics)


@pytest.mark.parametrize(
    ("choice_id", "title", "expected"),
    [
        ("arengo:join", "Sì, grazie", "join"),
        ("arengo:leave", "Basta così", "leave"),
        ("CANCELLAMI", "Non ricevere più", "leave"),
        ("btn-2", "Iscrivimi", "join"),
        ("btn-3", "Orari", ""),
    ],
)
def test_a_button_is_a_command_by_its_id_or_its_words(choice_id: str, title: str, expected: str) -> None:
    command = PARSER.message(message(kind="choice", choice_id=choice_id, text=title))
    assert (command.kind if command else "") == expected


@pytest.mark.parametrize("kind_of_message", ["image", "reaction", "document", "unsupported", "contacts"])
def test_a_caption_or_a_reaction_is_no_command(kind_of_message: str) -> None:
    assert PARSER.message(message(kind=kind_of_message, text="ISCRIVIMI")) is None


def test_without_words_there_are_no_commands() -> None:
    assert Parser((), ("", "!!!")).text("") is None
    assert Parser((), ("", "!!!")).text("!!!") is None


NOISE = " \n\t.,;:!?*_~\"'«»()-…👍🙂🏽\u200b\u200d\ufe0f"


@given(st.sampled_from(LEAVE_WORDS), st.text(NOISE, max_size=8), st.text(NOISE, max_size=8), st.randoms())
def test_a_leave_is_obeyed_however_it_is_written(
    word: str, before: str, after: str, chance: random.Random
) -> None:
    written = "".join(chance.choice((letter.upper(), letter.lower())) for letter in word)
    assert kind(f"{before}{written}{after}") == "leave"


@given(st.text(max_size=400))
def test_no_text_makes_the_parser_fail_and_normalizing_twice_changes_nothing(text: str) -> None:
    PARSER.text(text)
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(
    st.sampled_from((*JOIN_WORDS, *LEAVE_WORDS)),
    st.lists(st.text(string.ascii_lowercase, min_size=3, max_size=9), min_size=1, max_size=4),
)
def test_a_command_inside_a_longer_sentence_is_none(word: str, around: list[str]) -> None:
    sentence = " ".join(["vorrei", word, *around, "domani"])
    assume(not any(key(one) in KNOWN for one in around))
    assert kind(sentence) == ""
