# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The memo of up to four lines: two events and two of public use, each with its link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arengo.audience.models import Subscription
from arengo.channel.models import Post
from arengo.core.models import Organization, Person
from arengo.delivery.models import Delivery
from arengo.newsroom import publishing
from arengo.newsroom.drafts import Flash, draft_of
from arengo.newsroom.estimating import problems, readiness
from arengo.newsroom.kinds.base import registry
from arengo.newsroom.kinds.digest.kind import ONLY_DIGESTS
from arengo.newsroom.models import Rubric, Update
from arengo.newsroom.outlets.byhand.text import text_of
from tests.factories.newsroom import draft, publish
from tests.newsroom.pages import ROOT, words

Browse = Callable[..., Client]
Write = Callable[..., Update]
FAIR = Flash("Sabato la sagra in piazza Roma", "https://www.comune.example.it/sagra", Rubric.EVENT.value)
WATER = Flash("Lunedì manca l’acqua in via Verdi", "https://www.comune.example.it/acqua", Rubric.USE.value)


def digest(**changes: Any) -> Any:
    return draft(kind="digest", **{"slots": (FAIR, WATER, Flash(""), Flash("")), **changes})


def typed(**changes: object) -> dict[str, object]:
    lines = {
        f"{name}_{number}": value
        for number, flash in enumerate((FAIR, WATER), start=1)
        for name, value in (("text", flash.text), ("url", flash.url), ("rubric", flash.rubric))
    }
    return {"title": "Questa settimana", "kind": "digest", "outlets": ["list", "channel"], **lines, **changes}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"title": ""}, ["title"]),
        ({"slots": ()}, ["text_1"]),
        ({"slots": (Flash("Senza collegamento", rubric="use"),)}, ["url_1"]),
        ({"slots": (Flash("", "https://www.comune.example.it/x", "event"),)}, ["text_1"]),
        ({"slots": (FAIR, Flash("a" * 200, "https://www.comune.example.it/x"))}, []),
        ({"slots": (FAIR, Flash("a" * 201, "https://www.comune.example.it/x"))}, ["text_2"]),
        ({"slots": (Flash("due\nrighe", "https://www.comune.example.it/x"),)}, ["text_1"]),
    ],
)
def test_each_line_is_short_and_has_its_link(
    town: Organization, changes: dict[str, Any], fields: list[str]
) -> None:
    assert [problem.field for problem in problems(digest(**changes))] == fields


def test_people_read_what_each_line_is_about(town: Organization) -> None:
    kind = registry.of("digest")
    assert kind.values(digest()) == {
        "titolo": "Gli appuntamenti della settimana",
        "notizia_1": "📅 Sabato la sagra in piazza Roma 👉 https://www.comune.example.it/sagra",
        "notizia_2": "ℹ️ Lunedì manca l’acqua in via Verdi 👉 https://www.comune.example.it/acqua",
    }
    assert "▪ 📅 Sabato la sagra" in text_of(kind.as_lines(digest())).text
    assert "• ℹ️ Lunedì" in kind.plain(digest())


def test_it_is_sent_by_the_templates_of_news_and_stands_on_the_channel(
    town: Organization, write: Write, edo: Person
) -> None:
    update = write(kind="digest", slots=(FAIR, WATER))
    assert readiness(draft_of(update), town).may_go
    publish(town, update, edo)
    publishing.carry_out(town.pk, update.pk)
    assert Delivery.objects.count() == 3
    assert [item.text for item in Post.objects.get().items][:1] == ["📅 Sabato la sagra in piazza Roma"]


def test_who_wants_only_digests_gets_them_and_no_news(town: Organization, write: Write, edo: Person) -> None:
    one = Subscription.objects.first()
    assert one is not None
    Subscription.objects.filter(pk=one.pk).update(frequency=ONLY_DIGESTS.key)
    for kind, reached in (("news", 2), ("digest", 3)):
        update = write(kind=kind, slots=(FAIR, WATER))
        assert readiness(draft_of(update), town).recipients == reached
        Delivery.objects.all().delete()
        publish(town, update, edo)
        publishing.carry_out(town.pk, update.pk)
        assert Delivery.objects.count() == reached


def test_a_new_one_begins_with_two_events_and_two_of_public_use(
    town: Organization, edo: Person, browse: Browse
) -> None:
    page = browse(edo).get(f"{ROOT}nuovo/?tipo=digest")
    chosen = [
        page.text.split(f'name="rubric_{number}"')[1].split("selected")[0].rsplit('value="', 1)[1][:5]
        for number in (1, 2, 3, 4)
    ]
    assert chosen == ["event", "event", 'use" ', 'use" ']
    assert "Notizie flash" in words(page)
    assert 'name="rubric_1"' not in browse(edo).get(f"{ROOT}nuovo/").text


def test_it_is_written_and_stays_what_it_is(town: Organization, edo: Person, browse: Browse) -> None:
    client = browse(edo)
    client.post(f"{ROOT}nuovo/", typed())
    update = Update.objects.get()
    assert (update.kind, draft_of(update).items) == ("digest", [FAIR, WATER])
    page = client.get(f"{ROOT}{update.pk}/modifica/").text
    assert 'value="use" selected' in page


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("up-2", [WATER, FAIR]),
        ("down-1", [WATER, FAIR]),
        ("up-1", [FAIR, WATER]),
        ("down-4", [FAIR, WATER]),
        ("up-0", [FAIR, WATER]),
        ("up-99999999999999999999", [FAIR, WATER]),
        ("down-", [FAIR, WATER]),
    ],
)
def test_a_line_moves_by_its_buttons_and_what_was_typed_is_saved(
    town: Organization, edo: Person, browse: Browse, action: str, order: list[Flash]
) -> None:
    browse(edo).post(f"{ROOT}nuovo/", typed(action=action))
    assert draft_of(Update.objects.get()).items == order


def test_a_rubric_that_is_none_keeps_the_words(town: Organization, edo: Person, browse: Browse) -> None:
    answer = browse(edo).post(f"{ROOT}nuovo/", typed(rubric_1="<b>"))
    assert answer.status_code == 422
    assert FAIR.text in answer.text
