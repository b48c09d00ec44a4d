# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The places where an update goes, one folder each. ``base`` says what an outlet is and knows which there are."""
