# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Graph API as its clients see it: paths, tokens, bodies, answers."""
