# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line's words: Italian, or English with ARENGO_LANGUAGE=en. No Django is needed to say them."""

from __future__ import annotations

import gettext
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import click

from arengo.config import environment
from arengo.core import numbers


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Our own words, then config's (about a setting's value) and core's (about a number)."""
    rooms = Path(__file__).parents[1]
    own = gettext.translation("django", rooms / "cli" / "locale", languages=[language], fallback=True)
    for room in ("config", "core"):
        own.add_fallback(
            gettext.translation("django", rooms / room / "locale", languages=[language], fallback=True)
        )
    return own


def _(text: str) -> str:
    return _catalogue(environment.value("ARENGO_LANGUAGE")[:2]).gettext(text)


class Refused(click.ClickException):
    """One clear line that says what is wrong and what to do; the exit code is 1."""

    def show(self, file: object = None) -> None:
        click.echo(f"arengo: {self.message}", err=True)


class Count(click.ParamType[int]):
    """An option's whole number, in either writing: «1.000» and «1,000» are a thousand (core.numbers)."""

    name = "numero"

    def __init__(self, least: int, most: int) -> None:
        self.within = numbers.Range(Decimal(least), Decimal(most))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return int(numbers.read(value, self.within))
        except numbers.Misread as misread:
            mark = "." if environment.value("ARENGO_LANGUAGE")[:2] == "en" else ","
            self.fail(misread.in_words(_, mark), param, ctx)


def say(text: str) -> None:
    click.echo(text)


def check_environment() -> None:
    """Refused, in one line, when a variable holds what a setting may not be (config/environment.py)."""
    wrong = environment.problems()
    if wrong:
        raise Refused("; ".join(problem.in_words(_) for problem in wrong))


def warn() -> None:
    """What should be looked at, one line each; only where the environment is right."""
    for problem in environment.warnings():
        click.echo("arengo: " + _("attenzione: %(words)s") % {"words": problem.in_words(_)}, err=True)
