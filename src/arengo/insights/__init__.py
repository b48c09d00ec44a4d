# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Dati: what happened at the desks, in figures. Each day is counted once and kept; today is counted when somebody looks."""
