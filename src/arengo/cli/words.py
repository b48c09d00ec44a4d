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
    folder = Path(__file__).parent / "locale"
    return gettext.translation("django", folder, languages=[language], fallback=True)


def _(text: str) -> str:
    return _catalogue(environment.value("ARENGO_LANGUAGE")[:2]).gettext(text)


class Refused(click.ClickException):
    """One clear line that says what is wrong and what to do; the exit code is 1."""

    def show(self, file: object = None) -> None:
        click.echo(f"arengo: {self.message}", err=True)


def say(text: str) -> None:
    click.echo(text)
