# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sondaggio: a question, two to ten answers, and until when. Votes are ``newsroom.votes``."""

KEY = "poll"
