# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Buttons of message templates lie on phones for years: a room hears each, or it is as good as writing to us."""

from __future__ import annotations

from arengo.audience import choices
from arengo.delivery.templates import presets

_WRITES = {"arengo:write"}  # the desk's approved message: who presses it says its words to the desk


def test_a_room_hears_each_button_of_our_templates() -> None:
    buttons = {choice for preset in presets.registered() for choice in preset.choices}
    assert {button for button in buttons if choices.read(button) is None} == _WRITES
