# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform's reason belongs to a refusal: it is told in words, and goes when the template is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from arengo.core.events import Batch
from arengo.core.models import Organization, Person
from arengo.delivery.models import MessageTemplate, Sender
from arengo.delivery.templates import administration, events
from arengo.delivery.templates.fitting import not_approved, state_words
from arengo.desk.reopening_template import REOPEN
from arengo.platforms.contract import TemplateChanged, TemplateFound
from arengo.platforms.whatsapp import state_words as whatsapp_words
from tests.factories.delivery import Keeps

REASON = "TAG_CONTENT_MISMATCH"


def reported(sender: Sender, template: MessageTemplate, **changes: str) -> MessageTemplate:
    changed = {"status": "", "category": "", "reason": "", **changes}
    event = TemplateChanged(
        template_id=template.template_id, name=template.name, language=template.language, **changed
    )
    events.changed(Batch(sender.organization_id, sender.pk, [event]))
    template.refresh_from_db()
    return template


def listed(template: MessageTemplate, status: str, reason: str) -> TemplateFound:
    return TemplateFound(
        template_id=template.template_id,
        name=template.name,
        language=template.language,
        status=status,
        category=template.category,
        parameter_format="NAMED",
        components=template.components,
        reason=reason,
    )


@pytest.mark.parametrize("status", ["APPROVED", "PENDING", "IN_APPEAL"])
@pytest.mark.parametrize("said", ["", REASON, "An old sentence of Meta's."])
def test_one_that_is_taken_or_looked_at_again_has_no_reason(
    scope: Organization, sender: Sender, keeps: Keeps, status: str, said: str
) -> None:
    template = keeps(REOPEN, status="REJECTED", reason=REASON)
    assert reported(sender, template, status=status, reason=said).reason == ""
    MessageTemplate.objects.update(status="REJECTED", reason=REASON)
    assert administration.keep(sender, listed(template, status, said)).reason == ""


def test_one_that_is_refused_anew_has_the_new_reason_or_none(
    scope: Organization, sender: Sender, keeps: Keeps
) -> None:
    template = keeps(REOPEN, status="REJECTED", reason=REASON)
    assert reported(sender, template, status="REJECTED", reason="INVALID_FORMAT").reason == "INVALID_FORMAT"
    assert reported(sender, template, status="REJECTED").reason == ""
    assert administration.keep(sender, listed(template, "REJECTED", REASON)).reason == REASON


def test_what_is_told_without_a_state_changes_no_reason(
    scope: Organization, sender: Sender, keeps: Keeps
) -> None:
    template = keeps(REOPEN)
    assert reported(sender, template, category="MARKETING", reason=REASON).reason == ""


def test_an_old_row_that_still_has_one_shows_none(
    places: dict[str, str], alice: Person, sender: Sender, keeps: Keeps, browse: Callable[..., Client]
) -> None:
    template = keeps(REOPEN, name="di_altri", status="APPROVED", reason=REASON)
    page = browse(alice).get(places["templates"]).text
    assert "Motivo indicato da Meta" not in page
    MessageTemplate.objects.filter(pk=template.pk).update(status="REJECTED")
    page = browse(alice).get(places["templates"]).text
    assert "Motivo indicato da Meta: il contenuto non corrisponde" in page
    assert REASON not in page


@pytest.mark.parametrize(("language", "words"), [("it", "formato non valido"), ("en", "invalid format")])
def test_a_code_is_told_in_words(
    scope: Organization, sender: Sender, keeps: Keeps, language: str, words: str
) -> None:
    template = keeps(REOPEN, status="REJECTED", reason="INVALID_FORMAT")
    with translation.override(language):
        assert words in not_approved(template).words
        assert "INVALID_FORMAT" not in not_approved(template).words


def test_metas_own_sentence_stays_as_it_is(scope: Organization, sender: Sender, keeps: Keeps) -> None:
    template = keeps(REOPEN, status="REJECTED", reason="Please add a sample.")
    assert "Please add a sample" in not_approved(template).words


def test_each_state_has_words_and_an_unknown_one_says_that_it_is(
    scope: Organization, sender: Sender, keeps: Keeps
) -> None:
    for code in whatsapp_words.TEMPLATE:
        template = keeps(REOPEN, name=f"prova_{code.lower()}", status=code)
        assert code not in state_words(template)
    assert state_words(keeps(REOPEN, status="NEWS_TO_US")) == "«NEWS_TO_US», un valore che Arengo non conosce"
