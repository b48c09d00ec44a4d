# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line over every public page: what all citizens should know while it lasts. Rooms register theirs, from their AppConfig."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models
from django.http import HttpRequest

Source = Callable[[HttpRequest], str]

_sources: dict[str, Source] = {}
_tables: set[str] = set()


def register(name: str, source: Source, *reads: type[models.Model]) -> None:
    """``source`` is asked on public pages of an organization, in its scope; "" says nothing. What it gives is a sentence of ours, with
    foreign words isolated. ``reads``: the models that it looks at; ``core.public_pages.valid_until`` says when it changes with time."""
    _sources[name] = source
    _tables.update(model._meta.db_table for model in reads)  # noqa: SLF001 - documented by Django


def notices(request: HttpRequest) -> list[str]:
    return [words for source in _sources.values() if (words := source(request))]


def tables() -> frozenset[str]:
    """What every public page reads for them."""
    return frozenset(_tables)
