# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in addresses. Django's own ``<int:…>`` knows no upper bound: no address of ours uses it."""

from __future__ import annotations

from django.urls import register_converter

from arengo.core import outside


class IdConverter:
    """``<id:pk>``: a row's number. One that no row can have matches nothing: 404, and the database is not asked."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = outside.whole(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: int | str) -> str:
        return str(value)


def register() -> None:
    """Called once, when Django is set up: before any ``urls.py`` is read."""
    register_converter(IdConverter, "id")
