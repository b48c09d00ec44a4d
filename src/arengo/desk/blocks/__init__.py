# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""House rules: a citizen is warned, warned again, and then kept out of the inbox for some time."""
