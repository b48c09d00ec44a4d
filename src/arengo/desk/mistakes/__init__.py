# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Received by mistake: one message of a citizen is erased everywhere, and the bare fact stays."""
