# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of an update's versions."""

from __future__ import annotations

from arengo.core.models import Organization, Person
from arengo.newsroom import publishing, writing
from arengo.newsroom.models import Update
from arengo.newsroom.versions.models import Version
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import draft
from tests.newsroom.pages import ROOT, Browse, Write, words


def test_carlo_of_another_organization_sees_no_versions_and_restores_none(
    town: Organization, altrove: Organization, carlo: Person, write: Write, edo: Person, browse: Browse
) -> None:
    update = write(title="Prima")
    writing.save(update.pk, draft(title="Dopo"), version=1, by=edo)
    version = Version.objects.get()
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        assert client.get(f"{ROOT}{update.pk}/versioni/").status_code == 404
        assert client.post(f"{ROOT}{update.pk}/versioni/{version.pk}/riprendi/").status_code == 404
    assert Update.objects.get().title == "Dopo"


def test_the_difference_is_said_in_words_too(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write(title="Il mercato di sabato")
    writing.save(update.pk, draft(title="Il mercato di domenica"), version=1, by=alice)
    page = browse(edo).get(f"{ROOT}{update.pk}/versioni/")
    assert "Titolo: Il mercato di tolto: sabato (fine) aggiunto: domenica (fine)" in words(page)
    assert "<del>" in page.content.decode()
    assert "<ins>" in page.content.decode()
    assert "si tiene tutto per 365 giorni" in words(page)


def test_restoring_leads_back_to_the_text(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write(title="Prima")
    writing.save(update.pk, draft(title="Dopo"), version=1, by=alice)
    first = Version.objects.get(number=1)
    client = browse(edo)
    answer = client.post(f"{ROOT}{update.pk}/versioni/{first.pk}/riprendi/", {"version": "2"})
    assert answer["Location"] == f"{ROOT}{update.pk}/modifica/"
    assert Update.objects.get().title == "Prima"
    assert "Ripresa la versione 1" in words(client.get(answer["Location"]))


def test_who_saw_an_older_text_is_told_and_changes_nothing(
    town: Organization, write: Write, edo: Person, alice: Person, browse: Browse
) -> None:
    update = write(title="Prima")
    writing.save(update.pk, draft(title="Dopo"), version=1, by=alice)
    first = Version.objects.get(number=1)
    answer = browse(edo).post(
        f"{ROOT}{update.pk}/versioni/{first.pk}/riprendi/", {"version": "1"}, follow=True
    )
    assert "Alice Esempio l'ha cambiato adesso" in words(answer)
    assert Update.objects.get().title == "Dopo"


def test_of_what_was_sent_versions_are_read_only(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    publishing.publish(town, update.pk, by=edo, key="k", version=1)
    page = browse(edo).get(f"{ROOT}{update.pk}/versioni/")
    assert page.status_code == 200
    assert "Riprendi" not in words(page)
