# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a kind of update is (``contract``), and which there are (``registry``)."""
