# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Persone: everybody who is or was on the list, page by page; who is looked for; how many there are."""
