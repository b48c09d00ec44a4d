# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an incoming item is to us: something that a person wrote to us, or something else that looks like it.

A platform's folder decides; the rooms ask what follows from it and name no kind.
"""

from __future__ import annotations

import enum


class Nature(enum.Enum):
    WORDS = "words"  # a person wrote to us, and to us alone; pressing a button is writing
    EDIT = "edit"  # what a person says now instead of an earlier message
    DELETION = "deletion"  # a person took an earlier message back
    REACTION = "reaction"  # an emoji on a message
    NOTICE = "notice"  # the platform's own words about a person
    GROUP = "group"  # said to a group in which our number is
    ECHO = "echo"  # somebody else wrote it to a person from our number

    @property
    def is_private(self) -> bool:
        """Between one person and our number. What is not concerns no conversation."""
        return self is not Nature.GROUP

    @property
    def is_of_person(self) -> bool:
        """A person did it: who was not known becomes known."""
        return self in (Nature.WORDS, Nature.EDIT, Nature.DELETION, Nature.REACTION)

    @property
    def is_said(self) -> bool:
        """What a person wants to tell us: it may be a command, and it waits for an answer."""
        return self in (Nature.WORDS, Nature.EDIT)

    @property
    def opens_window(self) -> bool:
        """The platform lets us answer freely from here on. An edit prolongs nothing: its message did."""
        return self is Nature.WORDS

    @property
    def stands_alone(self) -> bool:
        """It is a line of the conversation; what does not changes another line."""
        return self in (Nature.WORDS, Nature.NOTICE, Nature.ECHO)
