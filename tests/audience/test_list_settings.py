# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parole e messaggi della lista, informativa e regole."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from arengo.audience import policies
from arengo.audience.models import ListSettings, Policy, Topic
from arengo.core.models import AuditEntry, Person

Browse = Callable[..., Client]


def list_data(**changed: str) -> dict[str, str]:
    own = ListSettings.objects.get()
    return {
        "join_words": "ISCRIVIMI\nATTIVA",
        "leave_words": "CANCELLAMI",
        "welcome_text": own.welcome_text,
        "already_text": own.already_text,
        "goodbye_text": own.goodbye_text,
        "not_subscribed_text": "",
        **changed,
    }


def test_words_and_texts_are_the_towns_own(places: dict[str, str], alice: Person, browse: Browse) -> None:
    assert (
        browse(alice).post(places["list"], list_data(join_words=" SUONA \nsuona\n\n ATTIVA")).status_code
        == 302
    )
    own = ListSettings.objects.get()
    assert (own.join_words, own.leave_words, own.not_subscribed_text) == (
        ["SUONA", "suona", "ATTIVA"],
        ["CANCELLAMI"],
        "",
    )
    assert AuditEntry.objects.filter(verb="audience.changed_list", person=alice).count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"leave_words": ""}, "serve almeno una parola"),
        ({"join_words": "!!!"}, "almeno due lettere"),
        ({"join_words": "x" * 61}, "60 caratteri"),
        ({"leave_words": "iscrivimi"}, "anche fra le parole"),
        ({"welcome_text": ""}, "obbligatorio"),
        ({"welcome_text": "Ciao {nome}"}, "{nome}"),
        ({"welcome_text": "{informativa}" * 40}, "4.096"),
        ({"welcome_text": "x" * 2001}, "2.001 caratteri: il massimo è 2.000, 1 di troppo."),
        ({"welcome_text": "😀" * 1001}, "2.002 caratteri: il massimo è 2.000, 2 di troppo."),
        ({"goodbye_text": "👨‍👩‍👧" * 126}, "1.008 caratteri: il massimo è 1.000, 8 di troppo."),
    ],
)
def test_a_list_that_would_not_work_is_refused(
    places: dict[str, str], alice: Person, browse: Browse, changed: dict[str, str], words: str
) -> None:
    page = browse(alice).post(places["list"], list_data(**changed))
    assert page.status_code == 422
    assert words in page.text
    assert all(html.escape(typed) in page.text for typed in changed.values())
    assert ListSettings.objects.get().join_words[0] == "ISCRIVIMI"


def test_a_new_version_is_in_force_and_the_old_one_stays(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    data = {"summary": "In breve", "text": "Per intero", "asking": "nobody"}
    assert browse(alice).post(places["policy_new"], data).status_code == 302
    versions = Policy.objects.filter(kind="privacy").order_by("version")
    assert [(policy.version, policy.summary == "In breve") for policy in versions] == [(1, False), (2, True)]


def test_a_preview_publishes_nothing(places: dict[str, str], alice: Person, browse: Browse) -> None:
    data = {"summary": "Un testo da vedere", "text": "Per intero", "asking": "nobody", "action": "preview"}
    page = browse(alice).post(places["policy_new"], data)
    assert page.text.count("Un testo da vedere") >= 2
    assert Policy.objects.filter(kind="privacy").count() == 1


def test_a_line_ends_with_one_character_as_phones_want_it(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    browse(alice).post(places["list"], list_data(welcome_text="Ciao.\r\n\r\nScrivi CANCELLAMI"))
    assert ListSettings.objects.get().welcome_text == "Ciao.\n\nScrivi CANCELLAMI"
    data = {"summary": "Uno.\r\nDue.", "text": "Tre.\r\nQuattro.", "asking": "nobody"}
    browse(alice).post(places["policy_new"], {**data, "action": "publish"})
    policy = Policy.objects.filter(kind="privacy").latest("version")
    assert (policy.summary, policy.text) == ("Uno.\nDue.", "Tre.\nQuattro.")


def test_the_end_of_a_line_counts_once(places: dict[str, str], alice: Person, browse: Browse) -> None:
    lines = "a\r\n" * 999 + "bc"
    assert browse(alice).post(places["list"], list_data(welcome_text=lines)).status_code == 302


def test_a_welcome_whose_emoji_would_be_refused_after_it_was_saved_is_refused_before(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    policies.publish_policy("privacy", "Per intero", "😀" * 700, alice)
    answer = browse(alice).post(places["list"], list_data(welcome_text="{informativa}" * 3))
    assert answer.status_code == 422
    assert "4.200 caratteri: il massimo è 4.096, 104 di troppo." in answer.text


def test_a_summary_that_makes_the_welcome_too_long_is_refused(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    ListSettings.objects.update(welcome_text="{informativa} {informativa} {informativa}")
    page = browse(alice).post(
        places["policy_new"], {"summary": "x" * 1450, "text": "Per intero", "asking": "nobody"}
    )
    assert page.status_code == 422
    assert "4.096" in page.text


def test_there_are_two_kinds_of_policy(places: dict[str, str], alice: Person, browse: Browse) -> None:
    assert browse(alice).get(reverse("settings:policy_new", args=["altro"])).status_code == 404


def test_topics_have_a_page_of_their_own_which_is_linked(
    places: dict[str, str], alice: Person, browse: Browse
) -> None:
    before = list(Topic.objects.values_list("name", flat=True))
    assert reverse("audience:topics") in browse(alice).get(places["list"]).text
    assert browse(alice).post(places["list"], list_data(topics="Altro")).status_code == 302
    assert list(Topic.objects.values_list("name", flat=True)) == before
