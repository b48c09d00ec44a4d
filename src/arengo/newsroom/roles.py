# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roles that work in the newsroom."""

from arengo.core.models import Role

WRITERS = (Role.EDITOR, Role.APPROVER)
