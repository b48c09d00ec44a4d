# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Senders: their state, what the platform says of them, how they stand, their settings."""
