# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a platform is called on screen."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise


class Words(NamedTuple):
    """Texts are lazy: in the language of who reads. ``icon`` is of core's sprite."""

    name: str  # its own, the same in each language
    icon: str
    write: str | Promise  # on a button that opens a chat
    join: str | Promise  # on one that opens it with the word for the list
