# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an official page says of itself: a pasted link becomes an item, and links are looked at before they go out."""
