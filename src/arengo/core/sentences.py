# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences of ours that are kept in the database and read later by somebody who may speak another language.

``gettext``, ``ngettext`` and ``gettext_lazy`` of this module give a :class:`Sentence`: a text in the language of the moment
that remembers its source words and what was filled in. A :class:`SentenceField` keeps those, and gives the text again in
the language of who reads it. What is no sentence of ours (a platform's own words, rows of earlier versions) is kept and
read as it is. Decision 39.

A job, a listener or an outlet that stores why something did not work takes its words from here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils import translation
from django.utils.functional import Promise, lazy

_MARK = '{"sentences":'  # how a kept sentence begins
_TOO_DEEP = 8  # sentences within sentences


class Sentence(str):
    """``parts``: each a source text with its values, joined by a space. As text it is in the language of its making."""

    parts: tuple[dict[str, Any], ...]

    def __new__(cls, text: str, parts: Iterable[dict[str, Any]]) -> Sentence:
        made = super().__new__(cls, text)
        made.parts = tuple(parts)
        return made

    @classmethod
    def of(cls, frame: str, **values: Any) -> Sentence:
        """Sentences and words of others side by side, in a frame that is the same in each language."""
        return cls(frame % values, [{"source": frame, "values": values}])

    def __str__(self) -> str:
        return self

    def __mod__(self, values: Any) -> Sentence:
        """``values``: a mapping, as of every sentence with gaps."""
        [part] = self.parts
        return Sentence(super().__mod__(values), [{**part, "values": dict(values)}])

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence, (super().__str__(), self.parts)

    def map(self, change: Callable[[str], str]) -> Sentence:
        """The same with ``change`` done to each text that was filled in."""
        return _made(
            [
                {
                    **part,
                    "values": {
                        name: value.map(change)
                        if isinstance(value, Sentence)
                        else change(value)
                        if isinstance(value, str)
                        else value
                        for name, value in part.get("values", {}).items()
                    },
                }
                for part in self.parts
            ]
        )


def gettext(source: str) -> Sentence:
    return Sentence(translation.gettext(source), [{"source": source}])


def ngettext(singular: str, plural: str, number: int) -> Sentence:
    part = {"source": singular, "plural": plural, "number": number}
    return Sentence(translation.ngettext(singular, plural, number), [part])


gettext_lazy: Callable[[str], Sentence] = lazy(gettext, str)


def joined(sentences: Iterable[str]) -> Sentence:
    """One after the other; what is no sentence of ours stays as it is in each language."""
    parts: list[dict[str, Any]] = []
    texts = [str(each) for each in sentences if each]
    for text in texts:
        parts += text.parts if isinstance(text, Sentence) else [_verbatim(text)]
    return Sentence(" ".join(texts), parts)


def stored(text: str) -> str:
    """What the column holds."""
    if isinstance(text, Sentence):
        return f"{_MARK} {json.dumps([_plain(part) for part in text.parts], ensure_ascii=False)}}}"
    # Nobody's own words are taken for one of our sentences.
    return stored(Sentence(text, [_verbatim(text)])) if text.startswith(_MARK) else text


def read(text: str) -> str:
    """The reverse of :func:`stored`, in the language of the moment. What cannot be read is given as it stands."""
    if not text.startswith(_MARK):
        return text
    try:
        return _made(json.loads(text)["sentences"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return text


class SentenceField(models.TextField):  # type: ignore[type-arg]  # generic for the type checker only
    """A text that may be a :class:`Sentence`. To migrations it is a plain ``TextField``."""

    description: ClassVar[str] = "a sentence, in the language of who reads it"  # type: ignore[misc]  # Django's own

    def deconstruct(self) -> Any:
        name, _path, positional, named = super().deconstruct()
        return name, "django.db.models.TextField", positional, named

    def clone(self) -> Any:
        """What a migration keeps of the field."""
        _name, _path, positional, named = self.deconstruct()
        return models.TextField(*positional, **named)

    def from_db_value(self, value: str | None, *rest: object) -> str | None:
        return None if value is None else read(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Promise):
            value = str(value)
        return stored(value) if isinstance(value, str) else super().get_prep_value(value)


def _verbatim(text: str) -> dict[str, Any]:
    return {"source": "%(text)s", "values": {"text": str(text)}}


def _plain(part: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    values = {str(name): _kept(value, depth) for name, value in part.get("values", {}).items()}
    return {**part, "values": values} if values else dict(part)


def _kept(value: Any, depth: int) -> Any:
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(value, Sentence) and depth < _TOO_DEEP:
        return {"sentences": [_plain(part, depth + 1) for part in value.parts]}
    return (
        value if isinstance(value, int | float) and not isinstance(value, bool) else str.__str__(str(value))
    )


def _made(parts: Iterable[Mapping[str, Any]], depth: int = 0) -> Sentence:
    if depth > _TOO_DEEP:
        raise ValueError("sentences within sentences without an end")
    texts, fresh = [], []
    for part in parts:
        values = {
            name: _made(value["sentences"], depth + 1) if isinstance(value, dict) else value
            for name, value in part.get("values", {}).items()
        }
        source = part["source"]
        said = (
            translation.ngettext(source, part["plural"], part["number"])
            if "plural" in part
            else translation.gettext(source)
        )
        texts.append(said % values if values else said)
        fresh.append({**part, "values": values} if values else dict(part))
    return Sentence(" ".join(texts), fresh)
