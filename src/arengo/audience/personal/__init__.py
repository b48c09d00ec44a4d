# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of one citizen, behind a link that they ask for in the chat: no account, no password."""
