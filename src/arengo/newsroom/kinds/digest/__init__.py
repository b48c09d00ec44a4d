# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notizie flash: the memo of up to four lines, each with its link, as a rule two events and two of public use."""

KEY = "digest"
