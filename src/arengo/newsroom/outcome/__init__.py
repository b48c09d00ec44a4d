# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The truth after sending: what reached people, as a state, a bar, and a sentence."""
