# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Panoramica: how many are on the list, how they came and why they left, over time."""
