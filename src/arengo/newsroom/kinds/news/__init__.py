# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notizia: a title and some flashes, each with the official page that has the rest."""

KEY = "news"
