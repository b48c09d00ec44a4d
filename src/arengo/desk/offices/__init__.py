# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Another office is asked by a mail with a link, answers without an account, once, and its answer comes back as a note."""
