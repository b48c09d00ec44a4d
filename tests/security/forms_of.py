# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms of a page, as a browser reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

FORM = "application/x-www-form-urlencoded"  # the type of a body
_NOT_TYPED = {"submit", "button", "reset", "image", "file"}


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)  # as the page shows them
    typed: set[str] = field(default_factory=set)  # the fields that are boxes of text
    choosy: set[str] = field(
        default_factory=set
    )  # those that refuse most of what is typed, or are chosen from a list
    days: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """The names of what is sent. Django's own token is tried elsewhere."""
        return sorted({name for name, _value in self.fields} - {"csrfmiddlewaretoken"})

    def filled(self, **values: str) -> list[tuple[str, str]]:
        kept = [(name, value) for name, value in self.fields if name not in values]
        return [*kept, *values.items()]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None
        self._chosen: list[str] = []
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.page, given.get("action", "") or self.page))
            address = action.path + (f"?{action.query}" if action.query else "")
            self._form = Form(address, given.get("method", "get").upper())
            self.forms.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if tag in ("input", "button") and name:
            self._input(self._form, name, given, tag)
        elif tag == "textarea" and name:
            self._area, self._text = name, ""
        elif tag == "select" and name:
            self._select, self._chosen, self._first = name, [], None
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._chosen.append(value)

    def _input(self, form: Form, name: str, given: dict[str, str], tag: str) -> None:
        kind = given.get("type", "text" if tag == "input" else "submit").lower()
        if kind == "file":
            form.files.add(name)
        elif kind in ("checkbox", "radio"):
            if "checked" in given or not any(name == known for known, _value in form.fields):
                form.fields.append((name, given.get("value", "on")))
            form.choosy.add(name)
        elif kind not in _NOT_TYPED:
            form.fields.append((name, given.get("value", "")))
            if kind in ("text", "search"):
                form.typed.add(name)
            elif kind in ("email", "url", "tel", "password"):
                form.choosy.add(name)
            elif kind == "date":
                form.days.add(name)
        elif name and not any(name == known for known, _value in form.fields):
            form.fields.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            self._form.fields.append((self._area, self._text.removeprefix("\n")))
            self._form.typed.add(self._area)
            self._area = None
        elif tag == "select" and self._select is not None and self._form is not None:
            self._form.choosy.add(self._select)
            for value in self._chosen or [self._first or ""]:
                self._form.fields.append((self._select, value))
            self._select = None


_FORM = re.compile(r"<form\b.*?(?:</form>|\Z)", re.IGNORECASE | re.DOTALL)


def forms(page: str, html: str) -> list[Form]:
    """``page``: its address, against which actions are read. Most of a page is no form, and is not parsed."""
    reader = _Reader(page)
    reader.feed("\n".join(_FORM.findall(html)))
    return reader.forms
