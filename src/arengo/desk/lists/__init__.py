# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of the desk: which conversations, in which order, and what a person chose to see."""
