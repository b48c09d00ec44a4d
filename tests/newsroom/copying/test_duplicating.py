# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Duplicating: a draft that says the same."""

from __future__ import annotations

from arengo.core.models import AuditEntry, Organization, Person
from arengo.newsroom import writing
from arengo.newsroom.copying import verbs
from arengo.newsroom.drafts import draft_of
from arengo.newsroom.models import Update
from tests.factories.core import STRANGER_HOST
from tests.newsroom.pages import ROOT, Browse, Write


def test_carlo_of_another_organization_copies_nothing(
    town: Organization, altrove: Organization, carlo: Person, write: Write, browse: Browse
) -> None:
    update = write()
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.post(f"{ROOT}{update.pk}/duplica/").status_code == 404
    assert Update.objects.count() == 1


def test_a_sent_update_is_the_beginning_of_a_draft(
    town: Organization, out: Update, ada: Person, browse: Browse
) -> None:
    answer = browse(ada).post(f"{ROOT}{out.pk}/duplica/")
    made = Update.objects.exclude(pk=out.pk).get()
    assert answer["Location"] == f"{ROOT}{made.pk}/modifica/"
    assert (made.state, made.author, made.sent_at) == (Update.State.DRAFT, ada, None)
    assert (made.title, draft_of(made).items) == (out.title, draft_of(out).items)
    assert not made.placements.exists()
    assert AuditEntry.objects.get(verb="newsroom.duplicated").detail == {"copy_of": out.pk}


def test_the_copy_has_a_picture_of_its_own(town: Organization, write: Write, edo: Person) -> None:
    update = write(photo=True)
    made = verbs.duplicate(update, by=edo)
    assert made.image.name != update.image.name
    with made.image.open("rb") as copy, update.image.open("rb") as original:
        assert copy.read() == original.read()
    writing.discard(update.pk, by=edo)
    assert made.image.storage.exists(made.image.name or "")


def test_an_outlet_that_is_gone_is_not_copied(town: Organization, write: Write, edo: Person) -> None:
    update = write(outlets=("channel", "carrier_pigeon"))
    assert verbs.duplicate(update, by=edo).outlets == ["channel"]
