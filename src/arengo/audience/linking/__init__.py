# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person with two addresses: linked by a code that is sent in one chat and typed in the other; one subscription, one message."""
