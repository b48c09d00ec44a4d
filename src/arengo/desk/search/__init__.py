# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search over what the desk keeps: messages, names, names of files, and what other capabilities register."""
