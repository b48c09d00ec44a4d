# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of reviews: who may, what they read, what is said."""

from __future__ import annotations

import pytest

from arengo.core.models import Membership, Organization, Person, Role
from arengo.newsroom import writing
from arengo.newsroom.models import Update
from arengo.newsroom.review import verbs
from arengo.newsroom.review.models import Review, ReviewRule
from arengo.newsroom.waiting import waiting_count
from tests.factories.core import STRANGER_HOST
from tests.factories.newsroom import draft
from tests.newsroom.pages import ROOT, Browse, Write, filled, words


def test_carlo_of_another_organization_sees_no_review_and_answers_none(
    town: Organization, altrove: Organization, carlo: Person, write: Write, edo: Person, browse: Browse
) -> None:
    update = write()
    verbs.ask(update.pk, by=edo, version=1)
    for client in (browse(carlo), browse(carlo, host=STRANGER_HOST)):
        for path in ("", "rimanda/"):
            assert client.get(f"{ROOT}{update.pk}/revisione/{path}").status_code == 404
        for path in ("chiedi/", "approva/", "rimanda/", "ritira/"):
            assert client.post(f"{ROOT}{update.pk}/revisione/{path}", {"version": "1"}).status_code == 404
    assert Review.objects.get().answer == Review.Answer.WAITING


def test_from_the_editor_to_the_yes(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    update, writer, reader = write(title="Il mercato"), browse(edo), browse(ada)
    saved = writer.post(f"{ROOT}{update.pk}/modifica/", filled(version="1", action="review"))
    assert saved["Location"] == f"{ROOT}{update.pk}/revisione/"
    assert "Manda in revisione" in words(writer.get(saved["Location"]))
    writer.post(f"{ROOT}{update.pk}/revisione/chiedi/", {"version": "2", "note": "Guarda l'orario."})
    own = words(writer.get(f"{ROOT}{update.pk}/revisione/"))
    assert "L'hai scritto tu: serve il sì di un'altra persona" in own
    assert "Approva" not in own
    home = words(reader.get(ROOT))
    assert "Aspettano il tuo sì" in home
    assert "Guarda l'orario." in home
    assert "Aspettano il tuo sì" not in words(writer.get(ROOT))
    page = words(reader.get(f"{ROOT}{update.pk}/revisione/"))
    assert "Approva" in page
    assert "Sabato il mercato si sposta in piazza Roma" in page
    reader.post(f"{ROOT}{update.pk}/revisione/approva/", {"version": "2"})
    assert "Ada Esempio l'ha approvato" in words(writer.get(f"{ROOT}{update.pk}/modifica/"))
    assert "Aspettano il tuo sì" not in words(reader.get(ROOT))
    assert "Approvato" in words(writer.get(ROOT))


def test_the_tab_counts_what_waits_for_ones_own_yes_alone(
    town: Organization, write: Write, edo: Person, ada: Person
) -> None:
    verbs.ask(write().pk, by=edo, version=1)
    assert waiting_count(Membership.objects.get(person=ada)) == 1
    assert waiting_count(Membership.objects.get(person=edo)) == 0


def test_a_reader_sees_what_changed_since_they_read_it(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    update = write(title="Il mercato di sabato")
    first = verbs.ask(update.pk, by=edo, version=1)
    verbs.send_back(first.pk, by=Membership.objects.get(person=ada), version=1, reason="È domenica.")
    assert "È domenica." in words(browse(edo).get(f"{ROOT}{update.pk}/modifica/"))
    writing.save(update.pk, draft(title="Il mercato di domenica"), version=1, by=edo)
    verbs.ask(update.pk, by=edo, version=2)
    page = words(browse(ada).get(f"{ROOT}{update.pk}/revisione/"))
    assert "dalla versione 1, che avevi letto, alla 2" in page
    assert "tolto: sabato (fine) aggiunto: domenica (fine)" in page


def test_sending_back_without_words_asks_for_them_and_keeps_waiting(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    update = write()
    verbs.ask(update.pk, by=edo, version=1)
    reader = browse(ada)
    assert reader.get(f"{ROOT}{update.pk}/revisione/rimanda/").status_code == 200
    answer = reader.post(f"{ROOT}{update.pk}/revisione/rimanda/", {"version": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Scrivi che cosa va cambiato" in words(answer)
    assert Review.objects.get().answer == Review.Answer.WAITING


def test_a_change_while_somebody_reads_is_said(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    update = write()
    verbs.ask(update.pk, by=edo, version=1)
    writing.save(update.pk, draft(title="Altro"), version=1, by=edo)
    answer = browse(ada).post(f"{ROOT}{update.pk}/revisione/approva/", {"version": "1"}, follow=True)
    assert "Edo Esempio l'ha cambiato adesso: rileggi." in words(answer).replace("\u2068", "").replace(
        "\u2069", ""
    )


def test_the_question_before_sending_leads_to_the_review(
    town: Organization, write: Write, edo: Person, ada: Person, browse: Browse
) -> None:
    ReviewRule.objects.create(organization=town, four_eyes=True)
    update = write()
    page = words(browse(edo).get(f"{ROOT}{update.pk}/invio/"))
    assert "serve il sì di un'altra persona" in page
    assert "Invia a 3 persone" not in page
    answer = browse(edo).post(f"{ROOT}{update.pk}/invio/", {"key": "k", "version": "1"})
    assert answer["Location"] == f"{ROOT}{update.pk}/invio/"
    assert Update.objects.get().is_draft


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMINISTRATOR, 302), (Role.AUDITOR, 403), (Role.EDITOR, 403)]
)
def test_only_administrators_decide_about_four_eyes(
    town: Organization, browse: Browse, edo: Person, role: str, status: int
) -> None:
    Membership.objects.filter(person=edo).update(roles=[role])
    answer = browse(edo).post("/console/impostazioni/secondo-si/", {"four_eyes": "on"})
    assert answer.status_code == status
    assert ReviewRule.objects.filter(four_eyes=True).exists() == (status == 302)
