# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments on drafts: who reads and writes them, how many, how they go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arengo.core.models import AuditEntry, Organization, Person
from arengo.newsroom.comments import verbs
from arengo.newsroom.comments.models import Comment
from arengo.newsroom.models import Update
from tests.factories.core import STRANGER_HOST
from tests.newsroom.pages import ROOT, Browse, words

Write = Callable[..., Update]


def test_carlo_of_another_organization_reads_and_writes_no_comments(
    town: Organization, altrove: Organization, carlo: Person, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    comment = verbs.comment(update.pk, "Manca il giorno.", by=edo)
    at = f"{ROOT}{update.pk}/commenti/"
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.get(at).status_code == 404
        assert client.post(at, {"text": "Ciao"}).status_code == 404
        assert client.post(f"{at}{comment.pk}/risolto/", {"settled": "yes"}).status_code == 404
        assert client.get(f"{at}{comment.pk}/togli/").status_code == 404
        assert client.post(f"{at}{comment.pk}/togli/").status_code == 404
    assert [(one.text, one.settled_at) for one in Comment.objects.all()] == [("Manca il giorno.", None)]


def test_a_comment_says_of_what_it_speaks(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    update = write()
    at = f"{ROOT}{update.pk}/commenti/"
    answer = browse(ada).post(at, {"about": "text_2", "text": "Fino a che ora?"})
    assert answer["Location"] == at
    page = words(browse(edo).get(at))
    assert "Notizia 2" in page
    assert "Fino a che ora?" in page
    assert "Commenti 1" in words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))


@pytest.mark.parametrize("sent", [{"text": "  "}, {"text": "a" * 1001}, {"text": "Sì", "about": "nothing"}])
def test_what_cannot_be_taken_is_said_and_stays(
    town: Organization, write: Write, edo: Person, browse: Browse, sent: dict[str, str]
) -> None:
    answer = browse(edo).post(f"{ROOT}{write().pk}/commenti/", sent)
    assert answer.status_code == 422
    assert sent["text"].strip() in answer.content.decode()
    assert not Comment.objects.exists()


def test_there_are_never_more_than_the_most(
    town: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "MOST", 2)
    update = write()
    for text in ("Uno", "Due"):
        verbs.comment(update.pk, text, by=edo)
    with pytest.raises(verbs.Refused) as refused:
        verbs.comment(update.pk, "Tre", by=edo)
    assert "2 commenti" in refused.value.words


def test_what_is_settled_is_counted_no_more_and_may_be_opened_again(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    update = write()
    comment = verbs.comment(update.pk, "Manca il giorno.", by=ada)
    at, editor = f"{ROOT}{update.pk}/commenti/{comment.pk}/risolto/", f"{ROOT}{update.pk}/modifica/"
    browse(edo).post(at, {"settled": "yes"})
    assert Comment.objects.get().settled_by == edo
    assert "Commenti 1" not in words(browse(edo).get(editor))
    browse(edo).post(at, {"settled": "no"})
    assert "Commenti 1" in words(browse(edo).get(editor))


def test_one_takes_away_ones_own_and_who_administers_all(
    town: Organization, write: Write, edo: Person, ada: Person, alice: Person, browse: Browse
) -> None:
    update = write()
    mine, theirs = (verbs.comment(update.pk, text, by=who) for text, who in (("Mio", edo), ("Suo", ada)))
    at = f"{ROOT}{update.pk}/commenti/"
    assert "Togliere il commento?" in words(browse(edo).get(f"{at}{mine.pk}/togli/"))
    assert browse(edo).post(f"{at}{theirs.pk}/togli/").status_code == 404
    assert browse(edo).post(f"{at}{mine.pk}/togli/").status_code == 302
    assert browse(alice).post(f"{at}{theirs.pk}/togli/").status_code == 302
    assert not Comment.objects.exists()
    assert AuditEntry.objects.filter(verb="newsroom.removed_comment").count() == 2
