# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Presence: open editors tell each other which colleague reads or writes the same update. Nothing is stored."""

TOPIC = "newsroom-presence"
