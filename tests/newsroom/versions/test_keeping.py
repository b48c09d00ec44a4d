# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Versions: what is kept of the texts before, how much of it, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from arengo.core.models import AuditEntry, Organization, Person
from arengo.newsroom import publishing, writing
from arengo.newsroom.drafts import Flash, draft_of, from_kept
from arengo.newsroom.models import Update
from arengo.newsroom.versions import keeping, verbs
from arengo.newsroom.versions.models import Version
from arengo.newsroom.versions.views import past_of
from tests.factories.newsroom import LIBRARY, MARKET, draft, sample_image

Write = Callable[..., Update]


def titles() -> list[str]:
    return [from_kept(one.content).title for one in Version.objects.order_by("number")]


def later(minutes: int = 6) -> None:
    """So long ago were the saves until now."""
    ago = timedelta(minutes=minutes)
    Version.objects.update(began_at=F("began_at") - ago, at=F("at") - ago)


def save(update: Update, by: Person, **changes: object) -> Update:
    return writing.save(update.pk, draft(**changes), version=Update.objects.get(pk=update.pk).version, by=by)


def test_each_persons_save_is_a_version(
    scope: Organization, write: Write, edo: Person, alice: Person
) -> None:
    update = write(title="Primo")
    save(update, alice, title="Secondo")
    assert titles() == ["Primo", "Secondo"]
    assert list(Version.objects.order_by("number").values_list("number", "by")) == [
        (1, edo.pk),
        (2, alice.pk),
    ]


def test_saves_of_one_person_in_a_row_are_one_version(scope: Organization, write: Write, edo: Person) -> None:
    update = write(title="P")
    for title in ("Pr", "Pri", "Prim"):
        save(update, edo, title=title)
    assert titles() == ["Prim"]
    assert Version.objects.get().number == 4
    later()
    save(update, edo, title="Primo")
    assert titles() == ["Prim", "Primo"]


def test_a_draft_from_before_keeps_what_it_said(scope: Organization, write: Write, edo: Person) -> None:
    update = write(title="Di prima")
    Version.objects.all().delete()
    save(update, edo, title="Di adesso")
    assert titles() == ["Di prima", "Di adesso"]


def test_what_somebody_read_is_not_written_over(scope: Organization, write: Write, edo: Person) -> None:
    update = write(title="Letto")
    keeping.close(update)
    save(update, edo, title="Dopo")
    assert titles() == ["Letto", "Dopo"]


def test_there_are_never_more_than_the_most_and_the_first_stays(
    scope: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 14)
    update = write(title="0")
    for number in range(1, 20):
        later(6 if number != 3 else 600)
        save(update, edo, title=str(number))
    assert Version.objects.count() == 14
    kept = titles()
    assert kept[0] == "0"
    assert kept[-10:] == [str(number) for number in range(10, 20)]
    assert "3" in kept  # it stood alone in time


def test_what_was_read_goes_last(
    scope: Organization, write: Write, edo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", 12)
    update = write(title="0")
    for number in range(1, 20):
        later()
        saved = save(update, edo, title=str(number))
        if number == 2:
            keeping.close(saved)
    assert titles()[:2] == ["0", "2"]


def test_a_version_comes_back_and_nothing_after_it_is_lost(
    scope: Organization, write: Write, edo: Person
) -> None:
    update = write(title="Buono", slots=(MARKET,))
    later()
    now = save(update, edo, title="Peggio", slots=(LIBRARY,))
    restored = verbs.restore(Version.objects.get(number=1), version=now.version, by=edo)
    said = draft_of(Update.objects.get())
    assert (said.title, said.items) == ("Buono", [MARKET])
    assert titles() == ["Buono", "Peggio", "Buono"]
    newest = Version.objects.latest("number")
    assert (newest.number, newest.taken_from) == (restored.version, 1)
    entry = AuditEntry.objects.get(verb="newsroom.restored_version")
    assert entry.detail == {"version": 1}


def test_coming_back_keeps_the_picture_of_now(scope: Organization, write: Write, edo: Person) -> None:
    update = write(title="Senza foto")
    later()
    with_picture = draft(title="Con la foto", has_image=True, image_alt="Una piazza")
    writing.save(update.pk, with_picture, version=1, by=edo, image=sample_image())
    verbs.restore(Version.objects.get(number=1), version=2, by=edo)
    update = Update.objects.get()
    assert update.title == "Senza foto"
    assert update.image


def test_nobody_goes_back_over_somebody_elses_text(
    scope: Organization, write: Write, edo: Person, alice: Person
) -> None:
    update = write(title="Di Edo")
    save(update, alice, title="Di Alice")
    with pytest.raises(writing.EditedMeanwhile):
        verbs.restore(Version.objects.get(number=1), version=1, by=edo)
    assert Update.objects.get().title == "Di Alice"


def test_what_was_sent_goes_back_to_nothing(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    with pytest.raises(writing.NoLongerDraft):
        verbs.restore(Version.objects.get(), version=2, by=edo)


def test_the_past_says_what_changed_each_time(scope: Organization, write: Write, edo: Person) -> None:
    update = write(title="Il mercato", slots=(Flash("Apre alle 8"), LIBRARY))
    later()
    save(update, edo, title="Il mercato", slots=(Flash("Apre alle 9"), LIBRARY))
    later()
    save(update, edo, title="Il mercato", slots=(LIBRARY, Flash("Apre alle 9")))
    newest, second, first = past_of(Update.objects.get())
    assert newest.is_now
    assert [change.label for change in newest.changes] == ["L'ordine delle notizie è cambiato"]
    [change] = second.changes
    assert (change.label, [(piece.sort, piece.text) for piece in change.pieces]) == (
        "Notizia 1",
        [("same", "Apre alle "), ("removed", "8"), ("added", "9")],
    )
    assert first.is_first
    assert first.changes == []
