# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending what is claimed, what became of it, and what follows: refusals, doubts, automatic messages."""
