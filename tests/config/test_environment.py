# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arengo.config import environment

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manuale" / "gestione.md"
SOURCE = Path(__file__).resolve().parents[2] / "src" / "arengo"
_ROW = re.compile(r"^\|\s*`([A-Z_]+)`\s*\|\s*(.*?)\s*\|", re.MULTILINE)


def test_the_manual_lists_exactly_the_settings_that_there_are() -> None:
    assert sorted(name for name, _default in _ROW.findall(MANUAL.read_text())) == sorted(
        setting.name for setting in environment.TABLE
    )


def test_the_manual_names_the_same_defaults() -> None:
    told = dict(_ROW.findall(MANUAL.read_text()))
    for setting in environment.TABLE:
        assert setting.default in told[setting.name].replace("`", ""), setting.name


def test_every_variable_of_ours_that_the_code_reads_is_in_the_table() -> None:
    read = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r'(?:value|flag|items)\("((?:ARENGO|SANDBOX)_[A-Z_]+)"\)', path.read_text())
    }
    assert read <= {setting.name for setting in environment.TABLE}


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("sì", True), ("YES", True), ("no", False), ("", False)]
)
def test_a_yes_is_a_yes_in_both_languages(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("ARENGO_TRUSTED_PROXY", written)
    assert environment.flag("ARENGO_TRUSTED_PROXY") is meant


def test_an_empty_variable_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_PORT", "  ")
    assert environment.value("ARENGO_PORT") == "8000"


def test_a_name_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        environment.value("ARENGO_NOTHING")


def test_a_list_is_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARENGO_HOSTS", "a.test, b.test,,")
    assert environment.items("ARENGO_HOSTS") == ["a.test", "b.test"]


def test_production_never_makes_up_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARENGO_SECRET_KEY", raising=False)
    monkeypatch.setenv("ARENGO_ENV", "production")
    assert environment.secret_key() == ""
    monkeypatch.setenv("ARENGO_ENV", "development")
    assert len(environment.secret_key()) >= 50
