# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of several rooms stand on, and what makes no rows: processes, ports, the browser, waiting, scanning."""
