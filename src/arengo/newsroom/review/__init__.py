# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second person reads an update before it goes: asks, approves or sends back with a reason."""
