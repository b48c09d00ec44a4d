# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The channel on WhatsApp, which has no publishing interface: a person posts there, and this keeps the queue of it."""

KEY = "byhand"
TOPIC = "byhand"  # the live topic of the queue
