# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Doppia conferma: a join counts once the person has confirmed it, where the organization wants that."""
