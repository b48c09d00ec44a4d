# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Da seguire un altro giorno: a conversation rests until a day, and comes back by itself that morning."""
