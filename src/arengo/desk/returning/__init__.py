# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A citizen who writes again soon comes back to the same conversation, with its labels and its operator."""
