# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page in Italian, with all kinds of rows and forms that are refused: no English, and no platform's codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.utils import timezone, translation

import arengo
from arengo.core import audit
from arengo.core.models import Role
from arengo.core.scope import organization_scope
from arengo.delivery.models import MessageTemplate, Sender
from arengo.platforms.whatsapp import notices, state_words
from tests.library_words import library_words, shown_files
from tests.security.forms_of import FORM
from tests.security.found_forms import forms_on, pages
from tests.security.hostile import encoded
from tests.security.town import SAMPLES, Town
from tests.security.visiting import SWEEP, Visitor, addresses

pytestmark = [pytest.mark.django_db, *SWEEP]

_TAKES_OUT = {"script", "style", "code", "textarea", "template"}  # what nobody reads, or what was typed
_SPOKEN = {"title", "alt", "aria-label", "placeholder", "data-done", "data-failed"}
_CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_OURS = re.compile(r"ARENGO_[A-Z_]+|DATABASE_URL")  # names of settings, which an administrator types so
_LEAST = 14  # characters of a sentence that is looked for


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._out: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _TAKES_OUT or dict(attrs).get("lang") == "en":
            self._out.append(tag)
        self.found += [value for name, value in attrs if name in _SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self._out and self._out[-1] == tag:
            self._out.pop()

    def handle_data(self, data: str) -> None:
        if not self._out:
            self.found.append(data)


def words_of(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    return re.sub(r"\s+", " ", " ".join(reader.found))


def _codes() -> set[str]:
    """Of WhatsApp's, those that are no word of any other."""
    kinds = (
        state_words.QUALITY,
        state_words.NAME,
        state_words.LIMIT,
        state_words.VERIFICATION,
        state_words.SERVICE,
        state_words.STATE,
        state_words.REJECTION,
        state_words.TEMPLATE,
    )
    return {code for words in kinds for code in words if len(code) > 2} - {"UNKNOWN"}


def _english() -> set[str]:
    """Sentences that would be English: of the libraries, and of our own catalogue."""
    found = set()
    with translation.override("it"):
        for words in library_words(shown_files()):
            if words.said() != words.said_in_source():
                found |= {words.text, words.plural}
    for path in Path(arengo.__file__).parent.glob("*/locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            for message in read_po(source, locale="en"):
                said = [message.string] if isinstance(message.string, str) else list(message.string or ())
                found |= {text for text in said if text not in (message.id, *(message.id or ()))}
    pieces = {
        max(re.split(r"%\(\w+\)[sdrf]|%[sdrf]|\{\w*\}", text), key=len).strip() for text in found if text
    }
    plain = {re.sub(r"<[^>]*>", "", piece) for piece in pieces}
    return {piece for piece in plain if len(piece) >= _LEAST and piece.count(" ") >= 2}


@pytest.fixture(scope="module")
def rows(towns: tuple[Town, Town]) -> tuple[Town, Town]:
    """The town with a row for each code that a platform may have sent."""
    ours = towns[0]
    with organization_scope(ours.organization):
        sample = MessageTemplate.objects.first()
        assert sample is not None
        for number, (status, reason) in enumerate(_standings()):
            MessageTemplate.objects.create(
                organization=ours.organization,
                sender=ours.sender,
                template_id=f"t{number}",
                name=f"prova_{number}",
                language="it",
                category="UTILITY",
                status=status,
                reason=reason,
                parameter_format="named",
                components=sample.components,
                synced_at=timezone.now(),
            )
        first, second = MessageTemplate.objects.order_by("pk")[:2]
        MessageTemplate.objects.filter(pk=first.pk).update(status="REJECTED", reason="TAG_CONTENT_MISMATCH")
        MessageTemplate.objects.filter(pk=second.pk).update(status="DISABLED")
        for kind in notices.KINDS:
            audit.record(
                "delivery.notice",
                organization=ours.organization,
                by=None,
                on=ours.sender,
                detail={"kind": kind, "summary": "Avviso.", "severity": "warning"},
            )
        Sender.objects.filter(pk=ours.sender.pk).update(state=Sender.State.STOPPED, stop_code=190)
    return towns


def _standings() -> Iterator[tuple[str, str]]:
    for status in state_words.TEMPLATE:
        yield status, ""
    for reason in state_words.REJECTION:
        yield "REJECTED", reason


_ANSWERS = {"empty": "", "nonsense": "€" * 3, "long": "x y " * 2_000, "short": "a"}


@pytest.fixture(scope="module")
def shown(rows: tuple[Town, Town]) -> dict[str, str]:
    """Where → the words of the page, for everybody who may see it; then of what each form answers to nothing and to nonsense."""
    ours = rows[0]
    found: dict[str, str] = {}
    known: set[tuple[str, tuple[str, ...]]] = set()
    visitors = {"nobody": Visitor(ours.host)}
    visitors |= {
        str(role): Visitor(ours.host, ours.people[role]) for role in (Role.ADMINISTRATOR, Role.OPERATOR)
    }
    for who, visitor in visitors.items():
        read = list(pages(visitor, SAMPLES if who == Role.ADMINISTRATOR else SAMPLES[:2]))
        found |= {f"{who} {page.path}": words_of(page.html) for page in read}
        for number, address in enumerate(addresses()):
            if address.ids:
                _note(found, f"{who} nowhere {address.route}", visitor.ask("GET", address.path(987_654_321)))
            if number % 8 == 0:  # a refused method is one page, whatever the address
                _note(found, f"{who} DELETE {address.route}", visitor.ask("DELETE", address.path(SAMPLES[0])))
        for form in forms_on(read):
            kind = (form.action, tuple(form.names))
            if form.method != "POST" or kind in known:
                continue
            known.add(kind)
            for what, value in _ANSWERS.items():
                fields = [(name, value) for name in form.names]
                answer = visitor.ask("POST", form.action, encoded(fields), content_type=FORM)
                _note(found, f"{who} {form.action} {what}", answer)
    return found


def _note(found: dict[str, str], where: str, answer: Any) -> None:
    if not answer.streaming and "html" in answer.get("Content-Type", ""):
        found[where] = words_of(answer.content.decode("utf-8", "replace"))


class Sentences:
    """Looks for thousands of them at once: a pattern of all would try each at each letter."""

    def __init__(self, sentences: set[str]) -> None:
        self._by_beginning: dict[str, list[str]] = {}
        for sentence in sentences:
            self._by_beginning.setdefault(sentence[:_LEAST], []).append(sentence)

    def first_in(self, words: str) -> str | None:
        """One that stands in it, if any does."""
        known = self._by_beginning
        for place in range(len(words) - _LEAST + 1):
            if (beginning := words[place : place + _LEAST]) in known:
                for sentence in known[beginning]:
                    if words.startswith(sentence, place):
                        return sentence
        return None


def test_sentences_are_found_wherever_they_stand() -> None:
    english = Sentences({"This field is required", "This field must be unique"})
    assert english.first_in("Nome This field must be unique.") == "This field must be unique"
    assert english.first_in("This field is required") == "This field is required"
    assert english.first_in("This field is requested, Questo campo è obbligatorio") is None


def test_no_page_speaks_english(shown: dict[str, str]) -> None:
    english = Sentences(_english())
    said = {words: english.first_in(words) for words in set(shown.values())}
    assert {where: said[words] for where, words in shown.items() if said[words]} == {}


def test_no_page_shows_a_code_of_the_platform(shown: dict[str, str]) -> None:
    codes = re.compile(r"\b(?:" + "|".join(sorted(_codes(), key=len, reverse=True)) + r")\b")
    wrong = {
        where: hit.group()
        for where, words in shown.items()
        if (hit := codes.search(_OURS.sub("", words)) or _CODE.search(_OURS.sub("", words)))
    }
    assert wrong == {}


def test_no_size_is_in_bytes_of_another_language(shown: dict[str, str]) -> None:
    assert [where for where, words in shown.items() if re.search(r"\d\s?bytes\b", words)] == []


def test_the_sweep_saw_refused_forms_and_pages(shown: dict[str, str]) -> None:
    assert len(shown) > 150
    assert any("Questo campo è obbligatorio" in words for words in shown.values())
    assert any("respinto" in words for words in shown.values())
