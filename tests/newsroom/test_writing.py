# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing drafts: nothing that somebody wrote is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from arengo.core.models import Organization, Person
from arengo.newsroom import publishing, writing
from arengo.newsroom.drafts import Flash, draft_of
from arengo.newsroom.models import Item, Update
from tests.factories.newsroom import LIBRARY, MARKET, draft, sample_image


def test_a_draft_keeps_what_was_written_even_too_long(scope: Organization, edo: Person) -> None:
    update = writing.create(scope, draft(title="t" * 5000, slots=(Flash("a\nb", "x" * 900),)), by=edo)
    kept = draft_of(Update.objects.get(pk=update.pk))
    assert (kept.title, kept.items) == ("t" * 5000, [Flash("a\nb", "x" * 900)])


def test_empty_places_close_up(scope: Organization, edo: Person) -> None:
    update = writing.create(scope, draft(slots=(Flash(""), MARKET, Flash(""), LIBRARY)), by=edo)
    assert list(Item.objects.filter(update=update).values_list("position", "text")) == [
        (1, MARKET.text),
        (2, LIBRARY.text),
    ]


def test_who_saves_second_learns_that_somebody_was_faster(
    scope: Organization, write: Callable[..., Update], edo: Person, alice: Person
) -> None:
    update = write()
    writing.save(update.pk, draft(title="Il titolo di Alice"), version=1, by=alice)
    with pytest.raises(writing.EditedMeanwhile) as caught:
        writing.save(update.pk, draft(title="Il titolo di Edo"), version=1, by=edo)
    assert caught.value.update.edited_by == alice
    assert Update.objects.get().title == "Il titolo di Alice"
    assert writing.save(update.pk, draft(title="Il titolo di Edo"), version=2, by=edo).version == 3


def test_what_was_sent_does_not_change(town: Organization, write: Callable[..., Update], edo: Person) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    with pytest.raises(writing.NoLongerDraft):
        writing.save(update.pk, draft(title="Troppo tardi"), version=2, by=edo)
    with pytest.raises(writing.NoLongerDraft):
        writing.discard(update.pk, by=edo)


@pytest.mark.django_db(transaction=True)
def test_an_image_that_is_replaced_or_thrown_away_leaves_no_file(
    scope: Organization, write: Callable[..., Update], edo: Person, tmp_path: Path
) -> None:
    def files() -> int:
        return sum(1 for path in (tmp_path / "media").rglob("*") if path.is_file())

    update = write(photo=True)
    assert files() == 1
    with_image = draft(has_image=True, image_alt="Un'altra")
    writing.save(update.pk, with_image, version=1, by=edo, image=sample_image())
    assert files() == 1
    writing.save(update.pk, draft(has_image=False), version=2, by=edo)
    assert files() == 0
    writing.save(update.pk, with_image, version=3, by=edo, image=sample_image())
    writing.discard(update.pk, by=edo)
    assert files() == 0
    assert not Update.objects.exists()
