# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers that mailings do not reach, again and again: they leave the list by themselves, and come back with a press."""
