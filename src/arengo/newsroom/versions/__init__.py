# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an update was before: its texts as they were saved, what differs between them, and the way back."""
