# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits to be sent: the outbox, who owns a sender, what its owner claims, and what is cancelled."""
