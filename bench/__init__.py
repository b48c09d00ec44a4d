# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two roads, measured next to others on the same machine in the same run: ``make bench``, ``bench/README.md``."""
