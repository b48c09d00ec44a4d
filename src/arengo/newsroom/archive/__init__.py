# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Updates that are put away, and finding again what was written: by words, in drafts, sent ones and the archive."""
