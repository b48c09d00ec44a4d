# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Showing an update to who has no account: by a link that expires, and on a sheet of paper for the notice board."""
