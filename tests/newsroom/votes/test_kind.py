# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A poll is written, checked, shown as it will look, and told where nobody can vote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.delivery.models import MessageTemplate, Sender
from arengo.newsroom import publishing, writing
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.estimating import readiness
from arengo.newsroom.kinds.base import registry as kinds
from arengo.newsroom.kinds.poll.content import _moment
from arengo.newsroom.models import Update
from arengo.newsroom.outlets.byhand.text import text_of
from arengo.newsroom.outlets.whatsapp_list.describing import describe
from arengo.newsroom.votes.models import Poll
from tests.factories.newsroom import publish
from tests.factories.polls import EXPLAINED, PARKS, QUESTION, closing, poll_draft
from tests.newsroom.pages import ROOT, Browse, words


def typed(**changes: object) -> dict[str, object]:
    tomorrow = closing(timezone.now() + timedelta(days=1))
    return {
        "kind": "poll",
        "title": QUESTION,
        "option_1": PARKS[0],
        "option_2": "",
        "option_3": PARKS[1],
        "closing_day": tomorrow["day"],
        "closing_time": tomorrow["time"],
        "url_1": EXPLAINED,
        "outlets": ["list", "channel"],
        "action": "save",
        **changes,
    }


def wrong(**changes: Any) -> list[str]:
    return [problem.words for problem in kinds.of("poll").problems(poll_draft(**changes))]


def test_it_is_written_in_its_own_fields_and_kept(voting: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    page = words(client.get(f"{ROOT}nuovo/?tipo=poll"))
    assert "Domanda" in page
    assert "Risposta 10" in page
    assert "Notizia 1" not in page
    client.post(f"{ROOT}nuovo/", typed())
    update = Update.objects.get()
    assert (update.kind, update.title) == ("poll", QUESTION)
    assert update.content["options"] == list(PARKS[:2]), "without gaps"
    again = client.get(f"{ROOT}{update.pk}/modifica/").content.decode()
    assert PARKS[1] in again
    assert str(update.content["day"]) in again
    assert EXPLAINED in again


def test_what_was_typed_wrong_is_kept_and_told(voting: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    answer = client.post(f"{ROOT}nuovo/", typed(closing_day="domani", option_2=PARKS[0]))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "domani" in page
    assert "c&#x27;è già" in page
    assert Update.objects.get().content["day"] == "domani"


def test_the_list_of_updates_leads_to_a_new_one(town: Organization, edo: Person, browse: Browse) -> None:
    assert f'{ROOT}nuovo/?tipo=poll"' in browse(edo).get(ROOT).content.decode()


def test_the_preview_shows_the_message_to_the_character(
    voting: Organization, edo: Person, browse: Browse
) -> None:
    page = words(browse(edo).post(f"{ROOT}anteprima/", typed()))
    assert "Comune di Esempio chiede la tua opinione" in page
    assert f"1. {PARKS[0]}" in page
    assert "Voto 2" in page
    assert "Voto 3" not in page
    assert "Non è un sondaggio scientifico" in page


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"title": ""}, ["Manca la domanda."]),
        ({"content": {"options": ["Sì"]}}, ["Servono almeno due risposte."]),
        ({"content": {"options": ["Sì", "sì"]}}, ["La risposta 2 c'è già."]),
        ({"content": {"day": ""}}, ["Manca fino a quando si vota: giorno e ora."]),
        (
            {"content": {"day": "2026-02-30"}},
            ["Questo giorno o quest'ora non c'è: scrivili così, 27/11/2026 e 18:00."],
        ),
        (
            {"content": {"time": "25:00"}},
            ["Questo giorno o quest'ora non c'è: scrivili così, 27/11/2026 e 18:00."],
        ),
        (
            {"closes": timezone.now() + timedelta(minutes=5)},
            ["Si deve poter votare per almeno dieci minuti da adesso."],
        ),
        ({"closes": timezone.now() + timedelta(days=70)}, ["Si può votare per 60 giorni al massimo."]),
        (
            {"outlets": ("channel",)},
            ["Si vota premendo un pulsante del messaggio: scegli anche un'uscita che scrive a ciascuno."],
        ),
    ],
)
def test_it_says_itself_what_is_missing_or_wrong(town: Organization, changes: Any, found: list[str]) -> None:
    assert wrong(**changes) == found


def test_an_answer_that_is_too_long_is_told_by_how_much(town: Organization) -> None:
    [said] = wrong(content={"options": ["Sì", "No" * 40]})
    assert said.startswith("Risposta 2:")
    assert "80" in said


def test_a_day_may_be_written_as_people_write_it_and_an_hour_that_the_clocks_leap_over_is_none(
    town: Organization,
) -> None:
    assert _moment("27/11/2026", "18.30") == _moment("2026-11-27", "18:30:00")
    assert _moment("2027-03-28", "02:30") is None
    twice = _moment("2026-10-25", "02:30")
    assert twice is not None
    assert twice.utcoffset() == timedelta(hours=2), "the first of the two"


@pytest.mark.parametrize("number", [2, 9, 10])
def test_each_number_of_answers_has_a_template_that_can_carry_it(
    voting: Organization, sender: Sender, number: int
) -> None:
    draft = poll_draft([f"Parco {place}" for place in range(number)])
    found = readiness(draft, voting)
    assert found.problems == []
    assert found.may_go
    template = MessageTemplate.objects.get(name=f"arengo_sondaggio_{number}")
    buttons = next(part for part in template.components if part["type"] == "BUTTONS")["buttons"]
    assert len(buttons) == min(10, number + 1), "the platform takes ten"


def test_without_its_template_it_does_not_go_and_says_which(town: Organization) -> None:
    found = readiness(poll_draft(), town)
    assert found.obstacle is not None
    assert "arengo_sondaggio_3" in found.obstacle.words


def test_where_nobody_can_vote_it_stands_as_text(voting: Organization, edo: Person) -> None:
    update = publish(voting, writing.create(voting, poll_draft(), by=edo), edo)
    publishing.carry_out(voting.pk, update.pk)
    post = Post.objects.get()
    texts = [item.text for item in post.items]
    assert post.title == QUESTION
    assert texts[:3] == [f"{number}. {park}" for number, park in enumerate(PARKS, start=1)]
    assert "Non è un sondaggio scientifico" in texts[3]
    assert post.items[-1].url == EXPLAINED
    by_hand = text_of(kinds.as_lines(draft_of(update))).text
    assert f"▪ 2. {PARKS[1]}" in by_hand
    [announced] = describe([int(update.placements.get(outlet="list").reference)]).values()
    assert PARKS[2] in announced.words


def test_what_it_asks_is_fixed_when_it_leaves(voting: Organization, edo: Person) -> None:
    draft = poll_draft(content={"so_far": True})
    update = publish(voting, writing.create(voting, draft, by=edo), edo)
    poll = Poll.objects.get(update=update)
    assert (poll.question, poll.options, poll.page_url) == (QUESTION, list(PARKS), EXPLAINED)
    assert (poll.shows_so_far, poll.outlets, poll.counted) == (True, ["list"], [0, 0, 0])
    local = timezone.localtime(poll.closes_at)
    assert {"day": local.date().isoformat(), "time": f"{local:%H:%M}"} == {
        name: draft.content[name] for name in ("day", "time")
    }
    assert isinstance(poll.closes_at, datetime)
