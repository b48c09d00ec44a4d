# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator has in the composer: words, and files that go up while they write. Kept by the server until it is sent."""
