# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list on WhatsApp: a message template to each subscriber, through the outbox."""

KEY = "list"
