# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The platform's limits: messages a second, to one person, people a day; and every ceiling of the engine."""
