# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""When an update leaves: at a moment that somebody chose, in the plan's next free place, not at night without being asked."""
