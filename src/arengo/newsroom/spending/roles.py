# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roles that see what was spent, and roles that decide how much may be."""

from __future__ import annotations

from arengo.core.models import Role
from arengo.newsroom.roles import WRITERS

LOOKERS = (*WRITERS, Role.ADMINISTRATOR, Role.AUDITOR)
DECIDERS = (Role.APPROVER, Role.ADMINISTRATOR)
