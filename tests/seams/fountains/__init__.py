# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fountains of the town, as a room that brings a tab, a card, a settings page and a verb of the log."""
