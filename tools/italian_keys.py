# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make lint`: words of the screen are no keys. Exit code 1 with a list of Italian words that code compares, or keeps as states.

Code and templates compare English values. Where an address, a form of old, or a text that people type says it in Italian, one
table or one named constant at the border translates it.

Looked at: values of enums, ``Literal[…]``, patterns of ``match``, what ``==``, ``!=`` and ``in`` compare, keys of dicts, ``choices``; in
templates ``==``, ``!=`` and ``in``; in scripts ``===``, ``!==`` and ``case``. A word is Italian that the program's own
sentences use and their English translations do not, or that ends as Italian words do (:data:`_ENDINGS`).
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = re.compile(r"^(frontend/js|src)/.*(?<!\.min)\.js$")

# Keys that are Italian for a reason: a table at the border, or a word that somebody else reads.
BORDERS: dict[str, frozenset[str]] = {
    # what administrators write in braces
    "src/arengo/audience/wording.py": frozenset({
        "ente", "informativa", "regole", "link_informativa", "link_regole", "temi", "eta_minima",
    }),
    # the days that an update's text names
    "src/arengo/newsroom/outcome/staleness.py": frozenset({
        "oggi", "stamattina", "stasera", "stanotte", "domani", "dopodomani",
    }),
    "src/arengo/newsroom/votes/answers.py": frozenset({"domanda", "fine", "pagina", "ente"}),
    # the sandbox's own address
    "src/arengo_sandbox/phones/pages.py": frozenset({"numero", "testo"}),
    # the addresses of the desk's lists and of its search
    "src/arengo/desk/lists/listing.py": frozenset({"operatore", "da"}),
    "src/arengo/desk/lists/drawing.py": frozenset({"dopo", "pagine", "scegli"}),
    "src/arengo/desk/lists/screens.py": frozenset({"dopo", "pagine", "scegli", "aperta"}),
    "src/arengo/desk/search/asking.py": frozenset({"tipo", "chi", "dal", "al", "stato", "ordine"}),
    # the addresses of figures
    "src/arengo/insights/asking.py": frozenset({
        "dal", "al", "messaggi", "risposta", "chiusura", "giorni", "gruppi", "ore", "operatori",
    }),
    # the addresses of the list's overview
    "src/arengo/audience/overview/periods.py": frozenset({"giorni", "mesi", "sempre"}),
    "src/arengo/audience/overview/views.py": frozenset({"dal", "al"}),
    # what citizens write
    "src/arengo/audience/words/clauses.py": frozenset({
        "alle", "allo", "basta", "ci", "cosi", "del", "dell", "della", "delle", "dello", "detto",
        "grazie", "hanno", "ho", "lo", "mi", "nessun", "oggi", "ora", "quando", "ricevere",
        "ringrazio", "scritto", "scrivo", "se", "si", "sullo", "uno", "va", "vanno",
    }),
    "src/arengo/audience/words/forms.py": frozenset({"ere", "ire"}),
    "src/arengo/audience/words/reading.py": frozenset({
        "abbiamo", "avevo", "cosa", "da", "gia", "ho", "non", "numero", "puo", "quando", "quella",
        "questa", "si", "sta", "tale",
    }),
    # columns of tables that administrators fill in
    "src/arengo/desk/directory/import_views.py": frozenset({"tipo", "dove", "telefono", "argomento", "nota"}),
    "src/arengo/desk/replies/import_views.py": frozenset({"titolo", "testo", "argomento"}),
}  # fmt: skip

# English, or a name of somebody else's, although no sentence of ours says it.
_ENGLISH_TOO = frozenset({
    "api", "asyncio", "audio", "beta", "bordeaux", "bytea", "camera", "cta", "data", "delta", "demo", "dpo", "echo", "extra",
    "formula", "hba", "idea", "info", "logo", "macro", "media", "memo", "mini", "mouse", "multi", "opera", "photo", "prove", "quota",
    "radio", "ratio", "redo", "schema", "studio", "turbo", "ultra", "uri", "utility", "via", "video", "wa", "waba", "zero",
})  # fmt: skip
_ENDINGS = re.compile(
    r"(?:[aio]|zione|zioni|mente|ente|ante|anza|enza|ità|tà|iere|are|ere|ire|osse|ose|ese|use|iuse|ive|ale)$"
)
_WORD = re.compile(r"[a-zà-ù]+")
_ENTRY = re.compile(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$|^"(.*)"$')
_KEY = re.compile(r"^[a-zà-ù]+(?:[_-][a-zà-ù]+)*$")

_IN_TEMPLATES = re.compile(r"""(?:==|!=|\bin)\s*(["'])([^"']+)\1|(["'])([^"']+)\3\s*(?:==|!=|\bin\b)""")
_TAG = re.compile(r"\{%\s*(?:el)?if\b(.*?)%\}")
_IN_SCRIPTS = re.compile(r"""(?:===?|!==?|\bcase)\s*(["'`])([^"'`]+)\1|(["'`])([^"'`]+)\3\s*(?:===?|!==?)""")


@cache
def _catalogue() -> tuple[frozenset[str], frozenset[str]]:
    """Words of the Italian sentences, and of their English translations."""
    italian: set[str] = set()
    english: set[str] = set()
    for path in sorted((ROOT / "src").rglob("locale/en/LC_MESSAGES/django.po")):
        side = italian
        for line in path.read_text("utf-8").splitlines():
            if found := _ENTRY.match(line):
                if found[1]:
                    side = english if found[1].startswith("msgstr") else italian
                side.update(_WORD.findall((found[2] or found[3] or "").lower()))
    return frozenset(italian), frozenset(english)


@cache
def _documents() -> frozenset[str]:
    """Words of the documents that are written in English; what they quote is left out."""
    paths = [path for path in sorted((ROOT / "docs").rglob("*.md")) if "manuale" not in path.parts]
    text = " ".join(path.read_text("utf-8") for path in paths)
    return frozenset(_WORD.findall(re.sub(r"`[^`]*`|«[^»]*»|\*[^*\n]*\*", " ", text).lower()))


def is_italian(key: str) -> bool:
    """Whether a key of small letters is, or has among its parts, an Italian word. What is no such key is not asked."""
    if not _KEY.match(key):
        return False
    return any(_is_italian_word(word) for word in _WORD.findall(key))


def _is_italian_word(word: str) -> bool:
    italian, english = _catalogue()
    if len(word) == 1 or word in english or word in _ENGLISH_TOO:
        return False  # a letter is a word of no language
    return word in italian or (_ENDINGS.search(word) is not None and word not in _documents())


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """Line and word of each Italian key."""
    for node in ast.walk(ast.parse(text)):
        for key in _keys(node):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and is_italian(key.value):
                yield key.lineno, key.value


def _keys(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.ClassDef() if any(ast.unparse(base).endswith(("Enum", "Choices")) for base in node.bases):
            for each in node.body:
                if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value is not None:
                    yield each.value.elts[0] if isinstance(each.value, ast.Tuple) else each.value
        case ast.Compare():
            for side in (node.left, *node.comparators):
                yield from side.elts if isinstance(side, (ast.Tuple, ast.Set, ast.List)) else [side]
        case ast.Dict():
            yield from (key for key in node.keys if key is not None)
        case ast.MatchValue():
            yield node.value
        case ast.keyword(arg="choices", value=ast.List() | ast.Tuple() as choices):
            yield from (each.elts[0] for each in choices.elts if isinstance(each, ast.Tuple) and each.elts)
        case ast.Subscript() if ast.unparse(node.value).endswith("Literal"):
            yield from node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def in_template(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        for tag in _TAG.findall(line):
            yield from ((number, word) for word in _compared(_IN_TEMPLATES, tag))


def in_script(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        yield from ((number, word) for word in _compared(_IN_SCRIPTS, line))


def _compared(wanted: re.Pattern[str], text: str) -> Iterator[str]:
    for found in wanted.finditer(text):
        word = found[2] or found[4]
        if is_italian(word):
            yield word


def found(root: Path) -> Iterator[str]:
    """``path:line: word`` of each, :data:`BORDERS` left out."""
    for path in sorted([*(root / "src").rglob("*"), *(root / "frontend" / "js").rglob("*.js")]):
        name = path.relative_to(root).as_posix()
        if "/migrations/" in name or "/static/arengo/" in name or "/built/" in name or not path.is_file():
            continue
        if path.suffix == ".py":
            words = in_python(path.read_text("utf-8"))
        elif path.suffix == ".html":
            words = in_template(path.read_text("utf-8"))
        elif SCRIPTS.match(name):
            words = in_script(path.read_text("utf-8"))
        else:
            continue
        for line, word in words:
            if word not in BORDERS.get(name, ()):
                yield f"{name}:{line}: «{word}»"


def main() -> int:
    words = list(found(ROOT))
    for line in words:
        print(line)
    if words:
        print(
            "Italian words are no keys: compare an English value, and translate it where an address or a form says it."
        )
    return 1 if words else 0


if __name__ == "__main__":
    sys.exit(main())
