# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an update can be, one folder each. ``base`` says what a kind is and knows which there are."""
