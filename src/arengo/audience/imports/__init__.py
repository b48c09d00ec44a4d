# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Importazioni: people who joined elsewhere come onto the list, with the proof of each."""
