# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting away, and finding again."""

from __future__ import annotations

import pytest

from arengo.core.models import Organization, Person
from arengo.newsroom import publishing, writing
from arengo.newsroom.archive import verbs
from arengo.newsroom.archive.models import SearchEntry
from arengo.newsroom.drafts import Flash
from arengo.newsroom.models import Update
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import draft, publish
from tests.newsroom.pages import ROOT, Browse, Write, words


def found(client: object, typed: str) -> str:
    return words(client.get(f"{ROOT}cerca/", {"q": typed}))  # type: ignore[attr-defined]  # a client


def test_carlo_of_another_organization_finds_and_moves_nothing(
    town: Organization, altrove: Organization, carlo: Person, write: Write, browse: Browse
) -> None:
    update = write(title="Il mercato")
    here, at_home = browse(carlo), browse(carlo, host=STRANGER_HOST)
    for path in ("cerca/?q=mercato", "archivio/"):
        assert here.get(f"{ROOT}{path}").status_code == 404
    assert "Il mercato" not in found(at_home, "mercato")
    for client in (here, at_home):
        for path in ("archivia/", "riprendi/"):
            assert client.post(f"{ROOT}{update.pk}/{path}").status_code == 404
    assert Update.objects.get().archived_at is None


def test_what_is_put_away_is_in_the_archive_alone_and_comes_back(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    update, client = write(title="Il mercato"), browse(edo)
    client.post(f"{ROOT}{update.pk}/archivia/")
    assert "Il mercato" not in words(client.get(ROOT))
    assert "Il mercato" in words(client.get(f"{ROOT}archivio/"))
    client.post(f"{ROOT}{update.pk}/riprendi/")
    assert "Il mercato" in words(client.get(ROOT))
    assert "L'archivio è vuoto" in words(client.get(f"{ROOT}archivio/"))


def test_what_was_put_away_does_not_go_out(town: Organization, write: Write, edo: Person) -> None:
    update = write()
    verbs.put_away(update.pk, by=edo)
    with pytest.raises(publishing.NotReady) as refused:
        publish(town, update, edo)
    assert "È in archivio" in refused.value.shut[0].words
    verbs.take_out(update.pk, by=edo)
    publish(town, update, edo)


def test_what_is_on_its_way_stays_in_its_list(town: Organization, write: Write, edo: Person) -> None:
    update = publish(town, write(), edo)
    with pytest.raises(verbs.StillLeaving):
        verbs.put_away(update.pk, by=edo)


def test_words_are_found_in_any_form_accent_and_case(
    town: Organization, write: Write, edo: Person, browse: Browse
) -> None:
    write(title="La viabilità cambia", slots=(Flash("Si sposta il mercato degli ambulanti"),))
    write(title="La biblioteca", slots=(Flash("Apre la sera"),))
    client = browse(edo)
    for typed in ("mercati", "VIABILITA", "ambulante mercato", '"mercato degli ambulanti"'):
        page = found(client, typed)
        assert "La viabilità cambia" in page, typed
        assert "La biblioteca" not in page, typed
    assert "Nessun aggiornamento" in found(client, "teatro")
    assert "Nessun aggiornamento" not in found(client, "  ")


@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", "a & | !", '"""', "-", "<script>", "%", "\u0000x", "x" * 5_000]
)
def test_nothing_that_somebody_types_is_an_error(
    town: Organization, write: Write, edo: Person, browse: Browse, typed: str
) -> None:
    write()
    assert browse(edo).get(f"{ROOT}cerca/", {"q": typed}).status_code in (200, 400)


def test_drafts_sent_ones_and_the_archive_are_searched_with_what_they_say_now(
    town: Organization, write: Write, out: Update, edo: Person, browse: Browse
) -> None:
    update = write(title="Il teatro")
    writing.save(update.pk, draft(title="Il cinema"), version=1, by=edo)
    verbs.put_away(update.pk, by=edo)
    client = browse(edo)
    assert "Il cinema" in found(client, "cinema").replace("<mark>", "")
    assert "In archivio" in found(client, "cinema")
    assert "Nessun aggiornamento" in found(client, "teatro")
    assert "Gli appuntamenti della settimana" in found(client, "appuntamento")


def test_what_is_discarded_is_found_no_more(town: Organization, write: Write, edo: Person) -> None:
    writing.discard(write().pk, by=edo)
    assert not SearchEntry.objects.exists()
