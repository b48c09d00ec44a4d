# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outside world, emulated: a local WhatsApp Graph API with phones. It imports nothing of Arengo."""
