# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The source of the running program as one file: the AGPL (§13) gives it to everyone who uses the site."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from arengo.core import places, source_code


@lru_cache(maxsize=1)
def archive() -> bytes:
    """A .tar.gz, the same bytes for the same source."""
    return source_code.packed(_sources())


def _sources() -> Iterator[source_code.Source]:
    """The packages as they run here, and the project around them, which a wheel carries in an archive of its own."""
    data = Path(settings.DATA).resolve()
    yield from source_code.of_packages(places.PACKAGE.parent, without=data)
    if places.PROJECT is None:
        yield from source_code.unpacked(places.PACKED_PROJECT)
    else:
        yield from source_code.of_project(places.PROJECT, without=data)
