# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m arengo.sandbox`."""

import sys

from arengo.sandbox.main import main

sys.exit(main())
