# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One flash of an update: a few words and the official page that has the rest."""

    text: str
    url: str = ""
    kind: str = "news"
