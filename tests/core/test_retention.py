# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept for a time only is registered by its room, with the time that its job obeys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from procrastinate.contrib.django import app

from arengo.config import environment
from arengo.core.console import retention
from arengo.core.console.retention import RetentionRule

# Jobs that forget and are no retention: they serve an erasure.
OF_ERASURES = {"intake.forget_receipts"}
MANUAL = Path(__file__).resolve().parents[2] / "docs/manuale/gestione.md"


def _by_name() -> dict[str, RetentionRule]:
    return {each.name: each for each in retention.kept()}


def _periodic() -> set[str]:
    """«room.function» of every periodic task."""
    tasks = [periodic.task for periodic in app.periodic_registry.periodic_tasks.values()]
    return {f"{task.func.__module__.split('.')[1]}.{task.func.__name__}" for task in tasks}


def test_every_job_that_forgets_says_what_and_after_how_long() -> None:
    forgetting = {name for name in _periodic() if ".forget_" in name} - OF_ERASURES
    jobs = {each.job for each in retention.kept() if each.job}
    assert len(forgetting) >= 7
    assert forgetting <= jobs <= _periodic()


def test_what_a_setting_decides_lasts_as_long_as_it_says(settings: Any) -> None:
    settings.ARENGO_JOURNAL_DAYS, settings.ARENGO_DELIVERY_DAYS = 9, 40
    lasting = {name: each.lasts() for name, each in _by_name().items() if each.lasts and each.setting}
    assert lasting == {
        "audience.former_addresses": timedelta(days=70),
        "intake.webhooks": timedelta(days=9),
        "delivery.mailings": timedelta(days=40),
        "delivery.singles": timedelta(days=40),
    }


def test_every_setting_of_days_is_somebodys_and_has_a_default() -> None:
    of_days = {setting.name for setting in environment.TABLE if setting.name.endswith("_DAYS")}
    assert {each.setting for each in retention.kept() if each.setting} == of_days
    assert all(int(environment.value(name)) > 0 for name in of_days)


def test_what_lasts_has_a_time() -> None:
    for each in retention.kept():
        assert each.lasts is None or each.lasts() > timedelta(0), each.name
        assert each.lasts is not None or not (each.job or each.setting), each.name
        assert each.name.split(".")[0] in {
            "core",
            "accounts",
            "audience",
            "intake",
            "delivery",
            "desk",
            "insights",
            "newsroom",
            "portal",
        }


@pytest.mark.parametrize("name", sorted(_by_name()))
def test_the_words_are_in_both_languages(name: str) -> None:
    each = _by_name()[name]
    with translation.override("it"):
        italian = (str(each.words), str(each.after))
    with translation.override("en"):
        english = (str(each.words), str(each.after))
    assert italian[0] != english[0]
    assert italian[1] != english[1]


def test_the_manual_names_the_settings() -> None:
    [table] = MANUAL.read_text("utf-8").split("## Che cosa si conserva, e per quanto")[1:]
    section = table.split("\n## ")[0]
    for each in retention.kept():
        assert each.setting in section
