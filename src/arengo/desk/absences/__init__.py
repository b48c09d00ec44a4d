# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colleagues who are absent: what they had in hand goes back to all, and nothing new comes into their hands."""
