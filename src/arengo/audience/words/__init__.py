# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How people ask to join a list or to leave it in words of their own: forms of verbs, what stands around them, and the reading."""
