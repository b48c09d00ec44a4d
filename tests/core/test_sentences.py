# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sentence that is kept is read in the language of who reads it, not of who wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from arengo.core import audit
from arengo.core.models import AuditEntry, Organization, Person
from arengo.core.sentences import Sentence, gettext, gettext_lazy, joined, ngettext, read, stored
from arengo.delivery.models import Sender
from arengo.delivery.senders.activation import stop

SOURCE = "Manca il modello «%(name)s»."  # a sentence of delivery/templates/fitting.py
BUSY = gettext_lazy("WhatsApp ha avuto un problema passeggero. Aspettare qualche minuto e riprovare.")


def in_english(text: str) -> str:
    with translation.override("en"):
        return str(read(stored(text)))


def test_it_is_read_in_another_language_with_what_was_filled_in() -> None:
    words = gettext(SOURCE) % {"name": "arengo_notizie"}
    assert words == "Manca il modello «arengo_notizie»."
    assert in_english(words) != words
    assert "arengo_notizie" in in_english(words)
    assert "Manca" not in in_english(words)


def test_one_written_in_english_is_read_in_italian() -> None:
    with translation.override("en"):
        words = gettext(SOURCE) % {"name": "x"}
        assert "Manca" not in words
    assert read(stored(words)) == "Manca il modello «x»."


def test_a_number_chooses_the_form_again() -> None:
    for count in (1, 2):
        words = ngettext(
            "Elenco aggiornato: %(count)d modello.", "Elenco aggiornato: %(count)d modelli.", count
        ) % {"count": count}
        assert read(stored(words)) == words
        with translation.override("en"):
            again = ngettext(
                "Elenco aggiornato: %(count)d modello.", "Elenco aggiornato: %(count)d modelli.", count
            ) % {"count": count}
        assert in_english(words) == again


def test_sentences_within_and_beside_one_another_are_read_each() -> None:
    words = joined([Sentence.of("%(meaning)s (%(own)s)", meaning=str(BUSY), own="131016: too busy"), "Ciao."])
    assert in_english(words).endswith("(131016: too busy) Ciao.")
    assert "Aspettare" not in in_english(words)
    assert read(stored(words)) == words


def test_what_is_no_sentence_of_ours_stays_as_it_is() -> None:
    for text in (
        "",
        "Meta said no.",
        "100 % {",
        '{"sentences": [{"source": "Ciao %(x)s"}]}',
        '{"sentences":',
    ):
        assert in_english(text) == text


@pytest.mark.parametrize(
    "kept",
    [
        '{"sentences":',
        '{"sentences": 7}',
        '{"sentences": [{"source": 7}]}',
        '{"sentences": [{"source": "%(a)s", "values": {"b": 1}}]}',
        '{"sentences": ' + "[" * 50_000,
    ],
)
def test_a_row_that_is_damaged_is_shown_as_it_stands(kept: str) -> None:
    assert read(kept) == kept


def test_what_is_kept_holds_the_source_and_no_translation() -> None:
    with translation.override("en"):
        kept = stored(gettext(SOURCE) % {"name": "x"})
    assert json.loads(kept) == {"sentences": [{"source": SOURCE, "values": {"name": "x"}}]}


def test_a_reason_of_a_row_is_the_readers_and_survives_being_saved_again(
    scope: Organization, sender: Sender
) -> None:
    with translation.override("en"):
        stop(sender, reason=gettext(SOURCE) % {"name": "x"})
    sender.refresh_from_db()
    assert sender.stop_reason == "Manca il modello «x»."
    sender.save()  # as whoever edits another field does
    with translation.override("en"):
        sender.refresh_from_db()
        assert "Manca" not in sender.stop_reason
        assert '"x"' in sender.stop_reason or "«x»" in sender.stop_reason or "“x”" in sender.stop_reason


def test_a_row_of_an_earlier_version_is_still_read(scope: Organization, sender: Sender) -> None:
    Sender.objects.filter(pk=sender.pk).update(stop_reason="Una frase di prima.")
    sender.refresh_from_db()
    assert sender.stop_reason == "Una frase di prima."


def test_the_log_says_it_in_the_readers_language(
    esempio: Organization, sender: Sender, alice: Person, browse: Callable[..., Client]
) -> None:
    summary = gettext("La qualità del numero è tornata buona.")
    audit.record(
        "delivery.notice",
        organization=esempio,
        by=None,
        on=sender,
        detail={"kind": "account_update", "summary": summary},
    )
    assert "tornata" not in str(AuditEntry.objects.get(verb="delivery.notice").detail) or "source" in str(
        AuditEntry.objects.get(verb="delivery.notice").detail
    )
    client = browse(alice)
    page = client.get("/console/impostazioni/registro/").content.decode()
    assert "La qualità del numero è tornata buona." in page
    assert "account_update" not in page
    client.cookies["arengo_language"] = "en"
    page = client.get("/console/impostazioni/registro/").content.decode()
    assert "La qualità" not in page
    assert "sentences" not in page
