# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms of a picture, as they stand in addresses."""

from __future__ import annotations

from typing import Literal

from django.urls import register_converter

Form = Literal["svg", "png"]
TYPES: dict[Form, str] = {"svg": "image/svg+xml", "png": "image/png"}


class PictureConverter:
    regex = "svg|png"

    def to_python(self, value: str) -> Form:
        return "svg" if value == "svg" else "png"

    def to_url(self, value: str) -> str:
        return value


register_converter(PictureConverter, "picture")
