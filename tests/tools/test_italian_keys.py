# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words of the screen that become keys are found, in code, templates and scripts; at the border they may stand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import italian_keys

ENUM = 'class Listing(StrEnum):\n    """Which."""\n\n    WAITING = "{}"\n'


@pytest.mark.parametrize(
    "word", ["attesa", "mie", "libere", "chiuse", "sospesa", "in_arrivo", "da-fare", "bloccati"]
)
def test_an_enum_with_an_italian_value_is_found(word: str) -> None:
    assert list(italian_keys.in_python(ENUM.format(word))) == [(4, word)]


@pytest.mark.parametrize(
    "word", ["waiting", "mine", "free", "closed", "read_only", "media", "queue", "Attesa di noi", ""]
)
def test_english_values_and_sentences_are_not(word: str) -> None:
    assert list(italian_keys.in_python(ENUM.format(word))) == []


@pytest.mark.parametrize(
    "code",
    [
        'if which == "archiviato":\n    pass',
        'if which in ("open", "sospeso"):\n    pass',
        'if "fermo" in request.GET:\n    pass',
        'LABELS = {"bozza": 1}',
        'class Kind(models.TextChoices):\n    NEWS = "notizia", _("Notizia")',
        'kind: Literal["open", "chiuso"]',
        'match kind:\n    case "avviso":\n        pass',
        'kind = ChoiceField(choices=[("sospeso", _("sospeso"))])',
    ],
)
def test_every_way_of_comparing_is_looked_at(code: str) -> None:
    assert len(list(italian_keys.in_python(code))) == 1


def test_words_for_people_and_addresses_are_no_keys() -> None:
    code = 'label = _("chiuse")\nword = request.GET.get("lista")\npath("riapri/", view)\n_STILL = "fermo"\n'
    assert list(italian_keys.in_python(code)) == []


def test_templates_are_looked_at() -> None:
    tag = '{% if a == "open" %}{% elif listed.which == "libere" %}{% endif %}<a class="riga" title="chiuse">'
    assert list(italian_keys.in_template(f"\n{tag}")) == [(2, "libere")]


def test_scripts_are_looked_at() -> None:
    script = (
        'if (list === "mie") close();\nswitch (list) { case "chiuse": }\nif (x !== "open") say("chiusa");'
    )
    assert list(italian_keys.in_script(script)) == [(1, "mie"), (2, "chiuse")]


def test_a_border_is_left_out_in_its_own_file_alone(tmp_path: Path) -> None:
    for name in ("src/arengo/desk/screens.py", "src/arengo/desk/other.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('query = {"lista": 1}\n')
    assert list(italian_keys.found(tmp_path)) == ["src/arengo/desk/other.py:1: «lista»"]


def test_the_tree_has_none() -> None:
    assert list(italian_keys.found(italian_keys.ROOT)) == []


def test_the_command_fails_where_there_are_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(italian_keys, "found", lambda root: iter(["a.py:1: «attesa»"]))
    assert italian_keys.main() == 1


def test_it_runs_as_the_lint_starts_it() -> None:
    command = [sys.executable, "tools/italian_keys.py"]
    assert subprocess.run(command, cwd=italian_keys.ROOT, check=False).returncode == 0
