# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was spent, as receipts tell it; how much a month may cost; what is free, and how much of it is left."""
