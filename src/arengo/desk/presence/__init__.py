# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who looks at a conversation and who has unsent words there: said to the open screens, never stored anywhere."""

TOPIC = "presence"
