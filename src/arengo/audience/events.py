# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the audience tells the rooms above it. Batches carry organization and sender (``core.events.Batch``)."""

from __future__ import annotations

from dataclasses import dataclass

from arengo.platforms.contract import MessageReceived


@dataclass(frozen=True)
class CitizenWrote:
    """A citizen, now known, wrote. ``command`` is ``join``, ``leave`` or empty: a command needs no person's answer.

    Published once a message id, however often the platform repeats it.
    """

    contact_id: int
    identity_id: int
    message: MessageReceived
    command: str = ""


@dataclass(frozen=True)
class ReplyWanted:
    """The organization's own words, to be sent in answer to a command. ``about`` is that command's message id."""

    contact_id: int
    identity_id: int
    text: str
    about: str
