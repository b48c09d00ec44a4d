# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Votes: who voted and what was voted, apart; nobody joins the two, and everybody recounts (decision 66)."""

PREFIX = "poll"  # of the buttons: ``arengo:poll:<update>:<number of the answer>``, or without a number: show me the answers
