# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public page of the desk says beside hours and number: what for and what not, the other ways in, the trial."""
