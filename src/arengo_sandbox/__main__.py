# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m arengo_sandbox`."""

import sys

from arengo_sandbox.main import main

sys.exit(main())
