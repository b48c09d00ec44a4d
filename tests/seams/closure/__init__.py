# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A closed street, as a kind: one line, more urgent than news, with a message template of its own."""
