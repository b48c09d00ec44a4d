# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Temi e quartieri: what there is to choose from, who chose what, and how that came to be."""
