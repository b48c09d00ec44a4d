# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The console's page of a poll, its settings, and what everybody sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arengo.core.models import AutomaticSwitch, Organization, Person
from arengo.newsroom.votes import counting, keys
from arengo.newsroom.votes.models import Poll, PollWords
from tests.factories.core import HOST
from tests.factories.polls import EXPLAINED, PARKS, QUESTION, over
from tests.newsroom.pages import ROOT, Browse, words

Votes = Callable[..., None]


@pytest.fixture
def anybody() -> Client:
    return Client(SERVER_NAME=HOST)


def closed(poll: Poll, votes: Votes, *numbers: int) -> Poll:
    votes(*numbers)
    over(poll)
    counting.close(poll.pk)
    return Poll.objects.get(pk=poll.pk)


def console(poll: Poll) -> str:
    return f"{ROOT}{poll.update_id}/"


def public(poll: Poll, more: str = "") -> str:
    return f"/sondaggi/{poll.update_id}/{more}"


# --- the console ----------------------------------------------------------------------------------------------------


def test_an_open_poll_says_until_when_and_nothing_of_few_votes(
    poll: Poll, votes: Votes, edo: Person, browse: Browse
) -> None:
    votes(*[1] * 15)
    page = words(browse(edo).get(console(poll)))
    assert "aperto ancora 4" in page
    assert "0 voti fin qui" in page
    assert "quando hanno votato almeno in venti" in page
    assert "meno di dieci" in page
    assert "Chiudi prima" in page


def test_its_votes_move_with_each_count(poll: Poll, votes: Votes, edo: Person, browse: Browse) -> None:
    votes(*[1, 2] * 15)
    counting.count(poll.pk)
    page = words(browse(edo).get(f"{console(poll)}andamento/"))
    assert "20 voti fin qui" in page
    assert "Non è un sondaggio scientifico" in page
    assert "Altri voti aspettano" in page


def test_it_is_closed_by_hand_after_a_question(poll: Poll, votes: Votes, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    address = f"{console(poll)}sondaggio/chiudi/"
    assert "Chiudere adesso il sondaggio?" in words(client.get(address))
    assert client.post(address).status_code == 302
    assert "Si sta contando" in words(client.get(console(poll)))
    counting.close(poll.pk)
    assert "Chiuso" in words(client.get(console(poll)))
    assert "Era già chiuso" in words(client.post(address, follow=True))


def test_a_closed_one_shows_the_result_and_where_it_came_from(
    poll: Poll, votes: Votes, edo: Person, browse: Browse
) -> None:
    closed(poll, votes, 1, 2, 2, 3, 2, 1)
    page = words(browse(edo).get(console(poll)))
    assert "6 voti" in page
    assert "50,0%" in page
    assert "16,7%" in page, "rounded"
    assert "Lista WhatsApp" in page
    assert "Chiunque può ricontare" in page
    assert "I conti non tornano" not in page


def test_a_changed_result_is_an_alarm(poll: Poll, votes: Votes, edo: Person, browse: Browse) -> None:
    closed(poll, votes, 1, 2, 2, 3, 2, 1)
    Poll.objects.update(counted=[3, 2, 1])
    page = words(browse(edo).get(console(poll)))
    assert "I conti non tornano" in page
    assert "non è quello firmato" in page


def test_it_says_when_the_key_is_missing_and_when_nobody_is_answered(
    poll: Poll, votes: Votes, edo: Person, browse: Browse
) -> None:
    AutomaticSwitch.objects.filter(kind="newsroom.vote_taken").update(on=False)
    assert "Chi vota non riceve conferma" in words(browse(edo).get(console(poll)))
    keys.destroy(poll.code)
    over(poll)
    counting.close(poll.pk)
    assert "non si trova" in words(browse(edo).get(console(poll)))
    Poll.objects.update(state=Poll.State.LOST)
    assert "Va rifatto" in words(browse(edo).get(console(poll)))


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_picture_of_the_result_is_drawn_in_both_forms_with_its_words(
    poll: Poll, votes: Votes, edo: Person, browse: Browse, form: str
) -> None:
    address = f"{console(poll)}sondaggio/risultato.{form}"
    client = browse(edo)
    assert client.get(address).status_code == 404, "nothing to draw yet"
    closed(poll, votes, 1, 2, 2, 3, 2, 1)
    answer = client.get(f"{address}?scarica=1")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    if form == "png":
        assert answer.content.startswith(b"\x89PNG")
    else:
        assert QUESTION in answer.content.decode()
        assert f"{PARKS[1]}: 3 (50,0%)" in answer.content.decode()


@pytest.mark.parametrize(
    "more", ["", "andamento/", "sondaggio/chiudi/", "sondaggio/risultato.svg", "sondaggio/risultato.png"]
)
def test_a_stranger_sees_nothing(poll: Poll, votes: Votes, carlo: Person, browse: Browse, more: str) -> None:
    closed(poll, votes, 1, 2, 2, 3, 2, 1)
    assert browse(carlo).get(console(poll) + more).status_code == 404


def test_the_words_of_the_answers_are_the_organizations(
    voting: Organization, alice: Person, edo: Person, browse: Browse
) -> None:
    client = browse(alice)
    address = "/console/impostazioni/sondaggi/"
    assert "Il tuo voto è arrivato" in words(client.get(address))
    refused = client.post(address, {"taken": "Grazie {chi}", "late": "Tardi"})
    assert refused.status_code == 422
    assert "{chi}" in words(refused)
    client.post(address, {"taken": "Grazie, fino a {fine}", "late": "Tardi: {pagina}"})
    assert PollWords.objects.get().taken == "Grazie, fino a {fine}"
    assert browse(edo).get(address).status_code == 403


# --- everybody ------------------------------------------------------------------------------------------------------


def test_everybody_reads_what_is_asked_until_when_and_what_the_platform_sees(
    poll: Poll, anybody: Client
) -> None:
    page = words(anybody.get(public(poll)))
    assert QUESTION in page
    assert all(park in page for park in PARKS)
    assert "Si vota fino a" in page
    assert "Chi gestisce WhatsApp vede invece passare quale pulsante premi" in page
    assert EXPLAINED in anybody.get(public(poll)).content.decode()


def test_votes_so_far_are_shown_only_where_the_town_wants_it(
    poll: Poll, votes: Votes, anybody: Client
) -> None:
    votes(*[1] * 20)
    counting.count(poll.pk)
    assert "Il risultato si vede alla chiusura" in words(anybody.get(public(poll)))
    assert anybody.get(public(poll, "risultato.svg")).status_code == 404
    Poll.objects.update(shows_so_far=True)
    assert "10 voti fin qui" in words(anybody.get(public(poll)))
    assert anybody.get(public(poll, "risultato.svg")).status_code == 200


def test_a_closed_poll_has_its_result_and_the_register_of_its_votes(
    poll: Poll, votes: Votes, anybody: Client
) -> None:
    assert anybody.get(public(poll, "riconta/")).status_code == 404
    assert anybody.get(public(poll, "voti.csv")).status_code == 404
    found = closed(poll, votes, 1, 2, 2, 3, 2, 1)
    assert "Riconta i voti" in words(anybody.get(public(poll)))
    answer = anybody.get(public(poll, "voti.csv"))
    assert answer.content.decode() == found.register
    page = words(anybody.get(public(poll, "riconta/")))
    assert "Senza JavaScript il conto non si fa qui" in page
    assert "BEGIN PUBLIC KEY" in page
    assert "potrebbe vendere il voto" in page


def test_a_key_that_is_none_breaks_no_page(
    poll: Poll, votes: Votes, anybody: Client, edo: Person, browse: Browse
) -> None:
    closed(poll, votes, 1, 2, 2, 3, 2, 1)
    Poll.objects.update(signing_key=b"none")
    assert anybody.get(public(poll, "riconta/")).status_code == 200
    assert "La firma del risultato non è valida" in words(browse(edo).get(console(poll)))


def test_of_few_votes_the_page_says_why_there_is_no_result(poll: Poll, votes: Votes, anybody: Client) -> None:
    closed(poll, votes, 1, 2)
    page = words(anybody.get(public(poll)))
    assert "Hanno votato in troppo pochi" in page
    assert "Riconta" not in page
    assert anybody.get(public(poll, "riconta/")).status_code == 404


def test_what_is_no_poll_is_nowhere(poll: Poll, anybody: Client) -> None:
    assert anybody.get("/sondaggi/999999/").status_code == 404
