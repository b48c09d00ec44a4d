# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m arengo`, the same as `arengo`."""

from arengo.cli.main import main

main()
