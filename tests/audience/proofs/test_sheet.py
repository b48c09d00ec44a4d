# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof of one consent, as a page, a PDF and data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arengo.audience import consent, privacy
from arengo.audience.models import Consent, Policy
from arengo.audience.policies import publish_policy
from arengo.core.models import AuditEntry, Organization, Person
from tests.factories.audience import ANNA, CLARA, at, known, message
from tests.factories.core import STRANGER_HOST
from tests.support.pdf_text import text_of

Arrive = Callable[..., None]
Browse = Callable[..., Client]


@pytest.fixture
def joined(arrive: Arrive) -> Consent:
    arrive(message(ANNA, "ISCRIVIMI", name="Anna Esempio"))
    found: Consent = Consent.objects.get()
    return found


def page_of(line: Consent) -> str:
    return reverse("audience:proof", args=[line.pk])


def test_the_page_says_it_in_a_sentence_with_both_messages_and_the_texts_whole(
    joined: Consent, edo: Person, browse: Browse
) -> None:
    shown = browse(edo).get(page_of(joined)).text
    for words in (
        "chi usa il numero",
        "+39 333 000 0001",
        "ha chiesto di ricevere gli avvisi",
        "«ISCRIVIMI»",
        "risposta automatica",
        "messaggio scritto dalla persona",
        "Informativa ai sensi",
        "Che cosa non si fa",
        "si può solo accrescere",
        f"registrazione n. {joined.pk}",
    ):
        assert words in shown


def test_who_shows_no_number_has_a_proof_that_speaks_of_none(
    arrive: Arrive, edo: Person, browse: Browse
) -> None:
    arrive(message(CLARA, "ISCRIVIMI", name="Clara Esempio"))
    shown = browse(edo).get(page_of(Consent.objects.get())).text
    assert "chi scrive da WhatsApp come" in shown
    assert "con il numero nascosto" in shown
    assert "chi usa il numero" not in shown


def test_an_auditor_sees_the_number_masked_and_takes_nothing_away(
    joined: Consent, rita: Person, browse: Browse
) -> None:
    client = browse(rita)
    shown = client.get(page_of(joined)).text
    assert "+39 … 01" in shown
    assert "333 000 0001" not in shown
    assert client.post(reverse("audience:proof_pdf", args=[joined.pk])).status_code == 403
    assert client.post(reverse("audience:proof_data", args=[joined.pk])).status_code == 403


def test_the_texts_annexed_are_those_of_then(joined: Consent, alice: Person, browse: Browse) -> None:
    publish_policy(Policy.Kind.PRIVACY, "Un testo tutto nuovo", "Breve", alice)
    shown = browse(alice).get(page_of(joined)).text
    assert "Un testo tutto nuovo" not in shown
    assert "versione 1" in shown


def test_the_pdf_reads_the_same(joined: Consent, edo: Person, browse: Browse) -> None:
    answer = browse(edo).post(reverse("audience:proof_pdf", args=[joined.pk]))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    read = " ".join(text_of(answer.content).split())
    for words in (
        "Prova dell’iscrizione agli avvisi",
        "+39 333 000 0001",
        "ISCRIVIMI",
        "CANCELLAMI",
        "Informativa ai sensi",
        "Che cosa non si fa",
        "Stampata",
        "Edo",
    ):
        assert words.replace(" ", "") in read.replace(" ", "")
    assert b"pdfuaid" in answer.content
    line = AuditEntry.objects.get(verb="audience.downloaded_proof")
    assert (line.person, line.object_id, line.detail) == (edo, str(joined.pk), {"form": "pdf"})


def test_the_data_hold_the_answer_and_the_texts(joined: Consent, edo: Person, browse: Browse) -> None:
    data = browse(edo).post(reverse("audience:proof_data", args=[joined.pk])).json()
    assert (data["text"], data["way"], data["phone"]) == ("ISCRIVIMI", "message", ANNA.phone)
    assert data["privacy_in_force"]["text"].startswith("Informativa")
    assert data["answers"][0]["privacy_shown"] == 1


def test_the_proof_of_somebody_erased_names_nobody(joined: Consent, alice: Person, browse: Browse) -> None:
    privacy.erase(known(ANNA).contact, by=alice)
    shown = browse(alice).get(page_of(joined)).text
    assert "i cui dati sono stati eliminati" in shown
    assert "distrutta con la chiave" in shown
    for gone in ("Anna", "333 000 0001", "«ISCRIVIMI»"):
        assert gone not in shown


def test_what_the_organization_ended_is_not_said_to_be_asked(
    joined: Consent, edo: Person, browse: Browse
) -> None:
    [_step] = consent.say(
        [
            consent.Words(
                known(ANNA),
                Consent.Action.WITHDRAWN,
                timezone.now(),
                Consent.Source.IMPORT,
            )
        ]
    )
    shown = browse(edo).get(page_of(Consent.objects.get(action="withdrawn"))).text
    assert "ha tolto dalla lista" in shown
    assert "ha chiesto" not in shown


def test_words_that_changed_nothing_say_so(arrive: Arrive, edo: Person, browse: Browse) -> None:
    arrive(message(ANNA, "CANCELLAMI", name="Anna Esempio"))
    assert "Non ha cambiato nulla" in browse(edo).get(page_of(Consent.objects.get())).text


def test_the_later_leaving_stands_on_the_proof_of_the_join(
    joined: Consent, arrive: Arrive, edo: Person, browse: Browse
) -> None:
    arrive(message(ANNA, "CANCELLAMI", name="Anna Esempio", sent_at=at(60)))
    shown = browse(edo).get(page_of(joined)).text
    assert "cancellazione" in shown.split("Da allora")[1][:120]
    other = Consent.objects.get(action="withdrawn")
    assert page_of(other) in shown


@pytest.mark.parametrize("name", ["proof", "proof_pdf", "proof_data"])
def test_carlo_gets_no_proof_of_ours(
    joined: Consent, carlo: Person, browse: Browse, town: Organization, name: str
) -> None:
    address = reverse(f"audience:{name}", args=[joined.pk])
    for client in (browse(carlo), browse(carlo, STRANGER_HOST)):
        method = client.get if name == "proof" else client.post
        assert method(address).status_code == 404
