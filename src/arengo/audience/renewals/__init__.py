# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conferme: people on the list are asked to accept a new version of the texts, and what becomes of those who do not answer."""
