# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""No room and no shared template names a platform: a platform's name stands in its own folder. What still does says why."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "arengo"
# The commands and the settings of an installation are of no room; an outlet has
# a folder as a platform has one.
ELSEWHERE = (
    *(
        "platforms/whatsapp/",
        "newsroom/outlets/whatsapp_list/",
        "newsroom/outlets/byhand/",
        "cli/",
    ),
    *("config/settings.py", "config/environment.py"),
)
_NAMES = re.compile(r"(?i:whatsapp|telegram|facebook|instagram|wa\.me|wamid)|\bMeta\b")
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)

# It may only shrink: a file that names none any more leaves it, and none comes in.
_MANY = "words about the list, which is on one platform until outlets are objects"
_TEMPLATES = "words about message templates, which only one platform has"
_FIGURES = "words of a page about all numbers at once, on whatever platform"
_FORM = "words of the page of a number, whose form is the platform's"
_CHANNEL = "the town's own channel there, which is a link and no platform of ours"
_LEGAL = "the platform's name is what the sentence is about"
_IDS = "what a platform's words hold that must not be kept, in whatever form"
_LABELS = "a label of a stored value, the same for each platform, until labels know the sender"
_FILES = "what stands in files of other programs, and what these are called"
ALLOWED = {
    "audience/consent_template.py": _TEMPLATES,
    "audience/imports/columns.py": _FILES,
    "audience/imports/files/numbers.py": _FILES,
    "audience/imports/templates/audience_imports/imports.html": _FILES,
    "audience/imports/templates/audience_imports/result.html": _TEMPLATES,
    "audience/linking/chat.py": "words that citizens write",
    "audience/models/consents.py": _LABELS,
    "audience/texts/en/privacy_summary.txt": _LEGAL,
    "audience/texts/en/privacy_text.txt": _LEGAL,
    "audience/texts/privacy_summary.txt": _LEGAL,
    "audience/texts/privacy_text.txt": _LEGAL,
    "audience/words/vocabulary.txt": "words that citizens write",
    "channel/models.py": _CHANNEL,
    "channel/templates/channel/feed.html": _CHANNEL,
    "channel/templates/channel/withdraw_button.html": _MANY,
    "core/condition/troubles.py": _FIGURES,
    "delivery/audit_words.py": _FIGURES,
    "delivery/limits/ceilings.py": _FIGURES,
    "delivery/condition/page.py": _FIGURES,
    "delivery/sending/doubts.py": _FIGURES,
    "delivery/sending/moves.py": _IDS,
    "delivery/senders/sender_views.py": _FORM,
    "delivery/templates/administration.py": _TEMPLATES,
    "delivery/templates/console.py": _TEMPLATES,
    "delivery/templates/delivery/settings/sender.html": _FORM,
    "delivery/templates/delivery/settings/senders.html": _FORM,
    "delivery/templates/delivery/settings/template_panel.html": _TEMPLATES,
    "delivery/templates/delivery/settings/template_renew_question.html": _TEMPLATES,
    "delivery/templates/delivery/settings/templates.html": _TEMPLATES,
    "delivery/templates/delivery/settings/templates_of_sender.html": _TEMPLATES,
    "delivery/templates/delivery/settings/withheld_singles.html": _FIGURES,
    "delivery/templates/delivery/settings/withheld_why.html": _FIGURES,
    "delivery/templates/fitting.py": _TEMPLATES,
    "delivery/templates/overview.py": _TEMPLATES,
    "delivery/templates/views.py": _TEMPLATES,
    "delivery/timeline/models.py": _FIGURES,
    "desk/models/messages.py": _LABELS,
    "desk/responder_views.py": _LEGAL,
    "desk/templates/desk/responder.html": _LEGAL,
    "intake/condition/report.py": _FIGURES,
    "intake/condition/troubles.py": _FIGURES,
    "intake/silence_words.py": _FIGURES,
    "monitoring/console.py": _FIGURES,
    "monitoring/templates/monitoring/unread.html": _FIGURES,
    "newsroom/audit_words.py": _TEMPLATES,
    "newsroom/publishing.py": _MANY,
    "portal/templates/portal/card_ask.html": _LEGAL,
    "portal/templates/portal/card_follow.html": _CHANNEL,
    "portal/templates/portal/follow.html": _LEGAL,
    "portal/templates/portal/home.html": _LEGAL,
    "portal/templates/portal/legal_notes.html": _LEGAL,
}


def _python(text: str) -> Iterator[str]:
    """Names and texts of the code; no comments, no docstrings."""
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        elif isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name != "Meta":  # Django's
                yield name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.arg | ast.keyword | ast.alias):
            yield str(getattr(node, "name", None) or getattr(node, "arg", None) or "")
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def _said(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _python(text)
    else:
        yield _COMMENT.sub("", text) if path.suffix == ".html" else text


def names_a_platform(path: Path) -> bool:
    return any(_NAMES.search(each) for each in _said(path))


def _files() -> Iterator[str]:
    for kind in ("*.py", "*.html", "*.txt"):
        for path in SOURCE.rglob(kind):
            name = path.relative_to(SOURCE).as_posix()
            if "/migrations/" not in name and not name.startswith(ELSEWHERE):
                yield name


FILES = sorted(_files())


@pytest.mark.parametrize("name", [name for name in FILES if names_a_platform(SOURCE / name)])
def test_what_names_a_platform_says_why(name: str) -> None:
    assert name in ALLOWED, "a platform's name stands in its folder: ask its words or its capabilities"


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_what_names_none_any_more_is_off_the_list(name: str) -> None:
    assert name in FILES, "moved or gone"
    assert names_a_platform(SOURCE / name)


@pytest.mark.parametrize(
    "text",
    [
        "x = 'Scrivi su WhatsApp'",
        "whatsapp_number()",
        "import arengo.platforms.whatsapp",
        "f(whatsapp=1)",
        "x = 'Meta'",
    ],
)
def test_a_name_in_the_code_is_seen(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.py"
    path.write_text(text)
    assert names_a_platform(path)


@pytest.mark.parametrize(
    "text", ['"""WhatsApp."""', "# Meta: 24 hours", "class A:\n    class Meta:\n        pass"]
)
def test_comments_docstrings_and_djangos_own_word_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.py"
    path.write_text(text)
    assert not names_a_platform(path)
