# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Presence: open screens tell each other which colleague looks at a conversation or has unsent words there. Nothing is stored."""

TOPIC = "presence"
