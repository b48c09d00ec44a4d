# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What rooms bring to the console and to who runs an installation: each registers its own, from its AppConfig."""
