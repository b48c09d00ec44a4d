# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new draft from an update that there is: last week's memo is this week's beginning."""
