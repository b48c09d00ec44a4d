# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes of the staff, on a conversation or on a citizen, who never sees them; and who is mentioned in them."""
