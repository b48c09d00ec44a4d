# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drafts that wait are remembered by mail: once each, to who wrote in them last."""
