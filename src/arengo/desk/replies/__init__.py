# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Canned replies, and what else an operator inserts into an answer. Nothing is sent by itself."""
