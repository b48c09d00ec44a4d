# SPDX-FileCopyrightText: 2026 Arengo contributors
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests to join or leave the list that are no commands: a person reads them and presses one of two buttons."""
