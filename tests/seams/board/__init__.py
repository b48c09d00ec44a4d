# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A board with lights in the square, as an outlet: it answers late, and loses its answers."""
