# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conservazione: how long each organization keeps things, and the job that takes away each night what is over."""
