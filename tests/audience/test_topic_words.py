# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody who chose topics is told, and what a second word changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.audience.models import ListSettings, Topic
from arengo.audience.wording import longest_message
from arengo.core.models import Organization
from tests.audience.hearing import Heard
from tests.factories.audience import ANNA, BRUNO, CLARA, at, known, message

Arrive = Callable[..., None]

ALL_AGAIN = "Le allerte arrivano a tutti. Per ricevere tutto scrivi ISCRIVIMI."
NARROW = "Ricevi tutti i temi. Per riceverne solo alcuni scrivi prima CANCELLAMI, poi ISCRIVIMI e i temi."


def topics_of(who: object = ANNA) -> list[str]:
    return [topic.name for topic in known(who).subscription.topics.all()]  # type: ignore[arg-type]


def test_the_welcome_names_the_topics_just_chosen(arrive: Arrive, heard: Heard) -> None:
    arrive(
        message(ANNA, "Iscrivimi eventi"),
        message(BRUNO, "ISCRIVIMI strade ed eventi"),
        message(CLARA, "ISCRIVIMI"),
    )
    one, two, everything = (reply.text for reply in heard.replies)
    assert one.endswith(f"\n\nRiceverai solo: Eventi. {ALL_AGAIN}")
    assert two.endswith(f"\n\nRiceverai solo: Eventi, Viabilità. {ALL_AGAIN}")
    assert "Riceverai solo" not in everything
    assert "Per uscire scrivi CANCELLAMI." in everything


def test_a_second_word_adds_topics_and_the_answer_says_what_holds_now(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "Iscrivimi eventi"))
    arrive(message(ANNA, "Iscrivimi strade", sent_at=at(1)))
    assert topics_of() == ["Eventi", "Viabilità"]
    assert heard.replies[1].kind == "audience.already"
    assert heard.replies[1].text.endswith(f"\n\nRicevi solo: Eventi, Viabilità. {ALL_AGAIN}")


def test_the_bare_word_gives_everything_back_as_the_welcome_promised(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "Iscrivimi eventi"))
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(1)))
    assert topics_of() == []
    assert heard.replies[1].text.endswith(NARROW)


def test_naming_a_topic_makes_everything_no_less_and_the_answer_says_so(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "ISCRIVIMI"))
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(1)))
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(2)))
    assert topics_of() == []
    assert heard.replies[1].text.endswith(NARROW)
    assert "temi" not in heard.replies[2].text  # nothing about topics was said, and nothing changed


def test_a_bare_word_of_before_they_chose_takes_nothing_back(arrive: Arrive) -> None:
    arrive(message(ANNA, "Iscrivimi eventi", sent_at=at(5)))
    arrive(message(ANNA, "ISCRIVIMI", sent_at=at(1)))
    assert topics_of() == ["Eventi"]


def test_leaving_and_joining_again_begins_anew(arrive: Arrive, heard: Heard) -> None:
    arrive(message(ANNA, "Iscrivimi eventi"))
    arrive(message(ANNA, "CANCELLAMI", sent_at=at(1)))
    arrive(message(ANNA, "Iscrivimi strade", sent_at=at(2)))
    assert topics_of() == ["Viabilità"]
    assert "solo: Viabilità." in heard.replies[-1].text
    assert "temi" not in heard.replies[1].text


def test_an_organization_says_it_in_its_own_words(arrive: Arrive, heard: Heard) -> None:
    ListSettings.objects.update(
        welcome_text="Benvenuti! Vi arriva: {temi}.", already_text="Già iscritti: {temi}."
    )
    arrive(message(ANNA, "Iscrivimi eventi"), message(BRUNO, "ISCRIVIMI"))
    arrive(message(ANNA, "Iscrivimi strade", sent_at=at(1)))
    assert [reply.text for reply in heard.replies] == [
        "Benvenuti! Vi arriva: Eventi.",
        "Benvenuti! Vi arriva: tutti i temi.",
        "Già iscritti: Eventi, Viabilità.",
    ]


def test_its_own_first_words_and_language_are_used(arrive: Arrive, heard: Heard, town: Organization) -> None:
    Organization.objects.filter(pk=town.pk).update(language="en")
    ListSettings.objects.update(join_words=["SUONA", "ISCRIVIMI"])
    arrive(message(ANNA, "Iscrivimi eventi"))
    assert heard.replies[0].text.endswith(
        "You will receive only: Eventi. Alerts reach everybody. To receive everything, write SUONA."
    )


def test_where_no_answer_is_worded_none_is_made_up(arrive: Arrive, heard: Heard) -> None:
    ListSettings.objects.update(already_text="")
    arrive(message(ANNA, "Iscrivimi eventi"))
    arrive(message(ANNA, "Iscrivimi strade", sent_at=at(1)))
    assert len(heard.replies) == 1


@pytest.mark.parametrize("text", ["😀" * 1000 + "{informativa}" * 8, "x" * 2000 + "{regole}" * 12])
def test_the_topics_are_named_whole_however_long_the_rest_is(arrive: Arrive, heard: Heard, text: str) -> None:
    ListSettings.objects.update(welcome_text=text)
    for place in range(15):
        Topic.objects.create(
            name=f"{'🏛️ Tema molto lungo ':🏛<70}{place:02}", words=[f"tema{place}"], position=place
        )
    arrive(message(ANNA, "Iscrivimi " + " ".join(f"tema{place}" for place in range(15))))
    said = heard.replies[0].text
    assert not longest_message().over(said)
    assert said.endswith(ALL_AGAIN)
    assert said.count("Tema molto lungo") == 15
