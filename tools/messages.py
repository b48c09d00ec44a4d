# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The catalogues of the words on screen, without GNU gettext.

    python tools/messages.py update     # extract from the source, keep what is translated, drop what is gone
    python tools/messages.py update audience config      # the same, of these rooms only
    python tools/messages.py compile    # write the .mo files that Django reads (not kept in git)
    python tools/messages.py check      # exit 1 with a list of what is missing, fuzzy, outdated or wrong

The source language is Italian; each room has one English catalogue:
``src/arengo/<room>/locale/en/LC_MESSAGES/django.po``. A catalogue of another language beside it (core has an Italian one) is
written by hand, for words of libraries: it is compiled and checked, not extracted.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ROOT / "src" / "arengo"
LOCALE = "en"

# As `pybabel extract --keyword` takes them: which argument is what, "c" the context.
_KEYWORDS = """_ gettext gettext_lazy gettext_noop ngettext:1,2 ngettext_lazy:1,2 pgettext:1c,2 pgettext_lazy:1c,2
npgettext:1c,2,3 npgettext_lazy:1c,2,3"""
KEYWORDS = parse_keywords(_KEYWORDS.split())
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}")
# What changes at every run and tells a reader nothing.
_RESTLESS = re.compile(
    r'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    r"|Language-Team|Generated-By): "
    r'.*\n(?:"[^:\n]*\\n"\n)?',
    re.MULTILINE,
)
# REUSE-IgnoreStart
_HEADER = "# SPDX-FileCopyrightText: 2026 Arengo contributors\n# SPDX-License-Identifier: AGPL-3.0-or-later"
# REUSE-IgnoreEnd


def rooms() -> list[Path]:
    return sorted(room for room in ROOMS.iterdir() if (room / "__init__.py").is_file())


def catalogue_of(room: Path) -> Path:
    return room / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def by_hand(room: Path) -> list[Path]:
    """The catalogues of other languages than the one that is extracted."""
    return sorted(path for path in room.glob("locale/*/LC_MESSAGES/django.po") if path != catalogue_of(room))


def extract_template(
    source: io.BufferedReader,
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: dict[str, Any],
) -> Iterable[Any]:
    """An extraction method for Babel: Django turns a template into calls among blanked out words, Babel reads the calls."""
    calls = templatize(source.read().decode(), origin=source.name)
    lines = "\n".join(line.strip() for line in calls.splitlines())  # Python would read the indents
    return extract_python(io.BytesIO(lines.encode()), keywords, comment_tags, options)


# Babel's patterns, from the room's folder; the first that fits decides.
_METHODS: list[tuple[str, Any]] = [
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    *((f"**/templates/**.{kind}", extract_template) for kind in ("html", "txt", "xml")),
]


def extracted(room: Path) -> Catalog:
    """A catalogue of what the room says now, without translations."""
    template = Catalog(locale=LOCALE, header_comment=_HEADER, fuzzy=False)
    for name, _line, message_id, _comments, context in extract_from_dir(room, _METHODS, keywords=KEYWORDS):
        path = (room / name).relative_to(ROOT).as_posix()
        template.add(message_id, context=context, locations=[(path, 0)])
    for message in template:
        message.locations = sorted(set(message.locations))
    return template


def stored(room: Path) -> Catalog:
    path = catalogue_of(room)
    return read(path) if path.is_file() else Catalog(locale=LOCALE, header_comment=_HEADER, fuzzy=False)


def read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=_locale_of(path), abort_invalid=True)


def updated(room: Path) -> Catalog:
    """What the room says now, with the translations that are already there."""
    catalogue = stored(room)
    catalogue.update(extracted(room), no_fuzzy_matching=True)
    return catalogue


def as_text(catalogue: Catalog) -> str:
    out = io.BytesIO()
    write_po(out, catalogue, width=110, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    return _RESTLESS.sub("", out.getvalue().decode())


def update(only: list[str]) -> int:
    for room in rooms():
        if only and room.name not in only:
            continue
        catalogue, path = updated(room), catalogue_of(room)
        if not len(catalogue):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        text = as_text(catalogue)
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)
        missing = sum(not _translated(message) for message in catalogue if message.id)
        print(f"{room.name}: {len(catalogue)} messages, {missing} to translate")
    return 0


def compile_all() -> int:
    """What is not translated, or fuzzy, is left out: Django then shows the Italian."""
    for room in rooms():
        for path in [catalogue_of(room), *by_hand(room)]:
            if path.is_file():
                with path.with_suffix(".mo").open("wb") as compiled:
                    write_mo(compiled, read(path))
    return 0


def _locale_of(path: Path) -> str:
    return path.parents[1].name


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _translated(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def problems_of(message: Message) -> list[str]:
    """What is wrong with one message: all placeholders of the source must be there, and no others."""
    if not _translated(message):
        return ["not translated"]
    if message.fuzzy:
        return ["fuzzy"]
    ids, strings = _forms(message.id), _forms(message.string)
    found = []
    for index, string in enumerate(strings):
        source = ids[min(index, len(ids) - 1)]
        wanted, used = set(_PLACEHOLDER.findall(source)), set(_PLACEHOLDER.findall(string))
        if wanted != used:
            found.append(f"placeholders differ: {sorted(wanted)} in the source, {sorted(used)} in {LOCALE}")
    return found


def unread_names(room: Path) -> Iterator[str]:
    """Functions of Django's that are imported under a name that nobody extracts: their words would stay Italian."""
    for path in sorted(room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                for name in node.names:
                    if name.name in KEYWORDS and (name.asname or name.name) not in KEYWORDS:
                        where = path.relative_to(ROOT)
                        yield f"{where}: words of «{name.asname}» are not extracted: call it {name.name}"


def problems(room: Path) -> Iterator[str]:
    yield from unread_names(room)
    fresh, old = extracted(room), stored(room)
    where = catalogue_of(room).relative_to(ROOT)
    for message in fresh:
        if message.id and old.get(message.id, message.context) is None:
            yield f"{where}: not in the catalogue: {_forms(message.id)[0]!r}"
    for message in old:
        if not message.id:
            continue
        if fresh.get(message.id, message.context) is None:
            yield f"{where}: no longer in the source: {_forms(message.id)[0]!r}"
            continue
        for problem in problems_of(message):
            yield f"{where}: {problem}: {_forms(message.id)[0]!r}"
    for path in by_hand(room):
        for message in read(path):
            for problem in problems_of(message) if message.id else []:
                yield f"{path.relative_to(ROOT)}: {problem}: {_forms(message.id)[0]!r}"


def check() -> int:
    found = [problem for room in rooms() for problem in problems(room)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print("Mend with: python tools/messages.py update, then translate what is empty.", file=sys.stderr)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *only]:
            return update(only)
        case ["compile"]:
            return compile_all()
        case ["check"]:
            return check()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
