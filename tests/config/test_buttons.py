# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Buttons of message templates lie on phones for years: a room hears each."""

from __future__ import annotations

from arengo.audience import choices
from arengo.delivery.templates import presets


def test_a_room_hears_each_button_of_our_templates() -> None:
    buttons = [choice for preset in presets.registered() for choice in preset.choices]
    assert buttons
    assert [button for button in buttons if choices.read(button) is None] == []
