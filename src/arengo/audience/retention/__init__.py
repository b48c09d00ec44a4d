# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conservazione: the page of all periods, holds that keep one citizen's data, and when somebody who left is forgotten."""
