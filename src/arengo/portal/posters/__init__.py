# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Luoghi dei codici QR: where a code for joining the list hangs, and how many came from there."""
