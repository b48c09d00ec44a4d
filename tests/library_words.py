# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences that a library of Python may say to people, read from its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import allauth
import django
from babel.messages.extract import extract_python
from django.utils import translation

_DJANGO, _ALLAUTH = Path(django.__file__).parent, Path(allauth.__file__).parent
# What can reach a screen: no admin, no commands.
FOLDERS = (
    *(_DJANGO / part for part in ("core", "forms", "db", "utils", "template", "views")),
    *(_DJANGO / "contrib" / part for part in ("auth", "humanize", "postgres")),
    *(_ALLAUTH / part for part in ("account", "core", "mfa")),
)
_NOT_SHOWN = {"admin.py", "apps.py"}
_NOT_SHOWN_FOLDERS = {"tests", "management", "migrations", "checks"}


_PLAIN = ("_", "gettext", "gettext_lazy", "gettext_noop")
_CONTEXT = ("pgettext", "pgettext_lazy")
_PLURAL = ("ngettext", "ngettext_lazy")
_BOTH = ("npgettext", "npgettext_lazy")
_FUNCTIONS = dict.fromkeys((*_PLAIN, *_CONTEXT, *_PLURAL, *_BOTH))


@dataclass(frozen=True)
class LibraryWords:
    """``plural`` and ``context``: "" for none."""

    text: str
    plural: str = ""
    context: str = ""

    def said(self) -> str:
        """In the language of the moment; of several, where there is a plural."""
        if self.plural and self.context:
            return translation.npgettext(self.context, self.text, self.plural, 12)
        if self.plural:
            return translation.ngettext(self.text, self.plural, 12)
        return (
            translation.pgettext(self.context, self.text) if self.context else translation.gettext(self.text)
        )

    def said_in_source(self) -> str:
        return self.plural or self.text


def library_words(files: Iterable[Path]) -> Iterator[LibraryWords]:
    for path in files:
        with path.open("rb") as source:
            for _line, function, given, _comments in extract_python(source, _FUNCTIONS, [], {}):
                texts = [text for text in ((given,) if isinstance(given, str) else given or ()) if text]
                context = texts.pop(0) if function in (*_CONTEXT, *_BOTH) and texts else ""
                plural = texts[1] if function in (*_PLURAL, *_BOTH) and len(texts) > 1 else ""
                if texts:
                    yield LibraryWords(texts[0], plural, context)


def shown_files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            if path.name not in _NOT_SHOWN and not _NOT_SHOWN_FOLDERS & set(path.parts):
                yield path
