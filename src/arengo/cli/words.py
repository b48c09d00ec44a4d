# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line's words: Italian, or English with ARENGO_LANGUAGE=en. No Django is needed to say them."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

import click

from arengo.config import environment


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Our own words, then config's: those about a setting's value."""
    rooms = Path(__file__).parents[1]
    own = gettext.translation("django", rooms / "cli" / "locale", languages=[language], fallback=True)
    own.add_fallback(
        gettext.translation("django", rooms / "config" / "locale", languages=[language], fallback=True)
    )
    return own


def _(text: str) -> str:
    return _catalogue(environment.value("ARENGO_LANGUAGE")[:2]).gettext(text)


class Refused(click.ClickException):
    """One clear line that says what is wrong and what to do; the exit code is 1."""

    def show(self, file: object = None) -> None:
        click.echo(f"arengo: {self.message}", err=True)


def say(text: str) -> None:
    click.echo(text)


def check_environment() -> None:
    """Refused, in one line, when a variable holds what a setting may not be (config/environment.py)."""
    wrong = environment.problems()
    if wrong:
        raise Refused("; ".join(problem.told(_) for problem in wrong))


def warn() -> None:
    """What should be looked at, one line each; only where the environment is right."""
    for problem in environment.warnings():
        click.echo("arengo: " + _("attenzione: %(words)s") % {"words": problem.told(_)}, err=True)
