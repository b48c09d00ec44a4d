# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Made-up platforms, outlets, kinds and settings pages, each one folder here: what can be added without a line changed in ``src/``."""
