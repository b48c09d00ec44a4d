# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The papers tell the truth: links lead somewhere, commands exist, the catalogue's file has what it must."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from arengo.config import environment
from tests.support.in_browser import LARGEST_PICTURE

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.it.md")
PAPERS = sorted(
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z]+)\b")
_ARENGO = re.compile(r"\barengo ([a-z]+(?:-[a-z]+)*)")

MAINTENANCE_TYPES = {"internal", "contract", "community", "none"}
DEVELOPMENT_STATES = {"concept", "development", "beta", "stable", "obsolete"}
SOFTWARE_TYPES = {
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchor(heading: str) -> str:
    """As repositories make them: small letters, no punctuation, dashes for blanks."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def code_of(name: str) -> str:
    """What a paper tells people to type: its fenced blocks and its `inline code`."""
    content = text(name)
    return "\n".join([*_FENCE.findall(content), *re.findall(r"`([^`\n]+)`", _FENCE.sub("", content))])


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text("publiccode.yml"))
    return loaded


@pytest.mark.parametrize("name", PAPERS)
def test_every_link_of_a_paper_leads_somewhere(name: str) -> None:
    here = (ROOT / name).parent
    for link in _LINK.findall(_FENCE.sub("", text(name))):
        if link.startswith(("https://", "http://")):
            continue
        path, _, fragment = link.partition("#")
        target = (here / path).resolve() if path else ROOT / name
        assert target.exists(), f"{name}: {link}"
        if fragment:
            headings = {anchor(heading) for heading in _HEADING.findall(target.read_text(encoding="utf-8"))}
            assert fragment in headings, f"{name}: {link}"


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "docs/manuale/gestione.md"])
def test_every_make_command_that_a_paper_names_exists(name: str) -> None:
    named = set(_MAKE.findall(code_of(name)))
    assert named
    assert named <= make_targets()


@pytest.mark.parametrize("name", [*READMES, "docs/manuale/gestione.md"])
def test_every_arengo_command_that_a_paper_names_exists(name: str) -> None:
    from arengo.cli.main import arengo

    named = set(_ARENGO.findall(code_of(name)))
    assert {"up", "doctor"} <= named
    assert named <= set(arengo.commands)


def test_both_readmes_name_the_same_commands_files_and_variables() -> None:
    english, italian = (code_of(name) for name in READMES)
    for pattern in (
        _MAKE,
        _ARENGO,
        re.compile(r"\b(?:ARENGO|SANDBOX)_[A-Z_]+\b"),
        re.compile(r"[\w/]+\.(?:py|md)\b"),
    ):
        assert set(pattern.findall(english)) == set(pattern.findall(italian))


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_only_variables_that_there_are(name: str) -> None:
    known = {setting.name for setting in environment.TABLE}
    assert set(re.findall(r"\b(?:ARENGO|SANDBOX)_[A-Z_]+\b", text(name))) <= known


@pytest.mark.parametrize("name", READMES)
def test_a_readme_shows_a_picture_that_is_not_heavy(name: str) -> None:
    [picture] = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", text(name))
    assert (ROOT / picture).stat().st_size <= 400_000
    with Image.open(ROOT / picture) as image:
        assert image.width >= 1280


def test_every_page_of_the_manual_is_in_its_index() -> None:
    index = text("docs/manuale/README.md")
    pages = {path.name for path in (ROOT / "docs" / "manuale").glob("*.md")} - {"README.md"}
    assert pages == set(re.findall(r"\]\((\w+\.md)\)", index))


def test_decisions_are_numbered_without_gaps_and_say_context_decision_consequences() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        content = page.read_text(encoding="utf-8")
        assert content.startswith(f"# {int(page.name[:4])}. "), page.name
        for word in ("Context", "Decision", "Consequences"):
            assert word in content, page.name


def test_the_change_log_tells_of_this_version() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert re.search(
        rf"^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}$", text("CHANGELOG.md"), re.MULTILINE
    )


# --- publiccode.yml: what the standard (0.7) wants -------------------------------------------------------------


def test_publiccode_has_every_key_that_is_mandatory(publiccode: dict[str, Any]) -> None:
    assert publiccode.keys() >= {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    }
    assert publiccode["publiccodeYmlVersion"] == "0"
    assert publiccode["platforms"]
    assert publiccode["developmentStatus"] in DEVELOPMENT_STATES
    assert publiccode["softwareType"] in SOFTWARE_TYPES
    assert re.fullmatch(r"https://\S+", publiccode["url"])


@pytest.mark.parametrize("language", ["it", "en"])
def test_publiccode_describes_the_program_at_the_right_length(
    publiccode: dict[str, Any], language: str
) -> None:
    description = publiccode["description"][language]
    assert 0 < len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert description["features"]
    assert all(isinstance(feature, str) and len(feature) <= 100 for feature in description["features"])


def test_publiccode_names_who_maintains_the_program(publiccode: dict[str, Any]) -> None:
    maintenance = publiccode["maintenance"]
    assert maintenance["type"] in MAINTENANCE_TYPES
    assert maintenance["type"] not in ("internal", "community") or all(
        person["name"] for person in maintenance["contacts"]
    )
    assert maintenance.get("contacts") or maintenance["type"] in ("contract", "none")


def test_publiccode_agrees_with_the_package(publiccode: dict[str, Any]) -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert publiccode["legal"]["license"] == project["license"]
    assert publiccode["softwareVersion"] == project["version"]
    assert f"## [{project['version']}] - {publiccode['releaseDate']}" in text("CHANGELOG.md")


def test_publiccode_lists_the_languages_that_people_can_choose(publiccode: dict[str, Any]) -> None:
    from django.conf import settings

    localisation = publiccode["localisation"]
    assert localisation["localisationReady"] is True
    assert localisation["availableLanguages"] == [code for code, _name in settings.LANGUAGES]
    assert set(publiccode["description"]) == set(localisation["availableLanguages"])


def test_each_picture_of_the_manual_is_said_in_words_small_and_taken_by_a_test() -> None:
    taken = {
        name
        for path in (ROOT / "tests").rglob("test_*_in_browser.py")
        for name in re.findall(r'illustrate\(\w+, "([a-z-]+)"\)', path.read_text(encoding="utf-8"))
    } | set(re.findall(r'illustrate\(\w+, "([a-z-]+)"\)', text("tests/browser/test_main_road.py")))
    shown = set()
    for name in PAPERS:
        if not name.startswith("docs/manuale/"):
            continue
        for words, link in _PICTURE.findall(text(name)):
            picture = (ROOT / name).parent / link
            assert len(words.split()) > 5, f"{name}: {link}"
            assert picture.stat().st_size < LARGEST_PICTURE, link
            with Image.open(picture) as drawn:
                assert drawn.width <= 1280, link
            shown.add(picture.stem)
    assert shown == taken, "a picture that no test takes, or one that no page shows"
